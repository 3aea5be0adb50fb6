"""Hostile settings for tests: a fast hasher, no forgiveness."""

from diary.config.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
