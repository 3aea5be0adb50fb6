"""The demo on one's own machine: http on loopback."""

import os

from diary.config.settings.base import *  # noqa: F403

# the demo school and its table of people exist only on machines that are not production
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # noqa: F405
MESSAGE_OUTBOX = True
DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY", "only-for-commands-that-sign-nothing")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
