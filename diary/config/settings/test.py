"""Hostile settings for tests: a fast hasher, no forgiveness."""

import datetime as dt
import os

from diary.config.settings.base import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # noqa: F405
MESSAGE_OUTBOX = True
DEBUG = False
SECRET_KEY = "tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# browser journeys run real servers that live on the cast's day: so many seconds from the real time
CLOCK_OFFSET = dt.timedelta(seconds=float(os.environ.get("DIARY_CLOCK_OFFSET", "0")))

# a process for each of some hundred small files would take minutes; the tests of `apart` and of `tables` start it
FOREIGN_FILES_APART = False
