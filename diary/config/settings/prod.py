"""Production: everything comes from the environment, and nothing starts half configured."""

import os

from django.core.exceptions import ImproperlyConfigured

from diary.config.settings.base import *  # noqa: F403

DEBUG = False
try:
    SECRET_KEY = os.environ["SECRET_KEY"]
    ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
    os.environ["DATABASE_URL"]
except KeyError as missing:
    raise ImproperlyConfigured(f"production needs the environment variable {missing}") from None

CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
