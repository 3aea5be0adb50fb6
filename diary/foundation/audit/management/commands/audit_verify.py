"""`manage.py audit_verify`: is the log and the history of marks as it was written? Exit code 1 names each break."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from diary.foundation.audit.sealing import verify_everything


class Command(BaseCommand):
    help = "Check the hash chains of the audit log and of the history of marks."

    def handle(self, *args: Any, **options: Any) -> None:
        breaks = 0
        for sentence in verify_everything():
            breaks += 1
            self.stderr.write(sentence)
        if breaks:
            self.stderr.write(f"{breaks} broken")
            sys.exit(1)
        self.stdout.write("audit log and history of marks: whole")
