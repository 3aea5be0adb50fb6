#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

from start.beside import join_running

if __name__ == "__main__":
    join_running(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diary.config.settings.dev")
    execute_from_command_line(sys.argv)
