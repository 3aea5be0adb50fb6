"""Production: everything comes from the environment, and nothing starts half configured (docs/operations.md)."""

import os

from diary.config.settings.base import *  # noqa: F403
from diary.config.settings.environment import needed, trusted_proxies, way_of_tls
from diary.foundation.core.master_keys import given_master_keys

DEBUG = False
SECRET_KEY = needed(os.environ, "SECRET_KEY")
ALLOWED_HOSTS = [host.strip() for host in needed(os.environ, "ALLOWED_HOSTS").split(",")]
needed(os.environ, "DATABASE_URL")
given_master_keys(os.environ)

# Nothing is answered in clear: the server has a certificate, or a trusted proxy says that the visitor came by TLS.
way_of_tls(os.environ)
TRUSTED_PROXIES = trusted_proxies(os.environ)
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", *MIDDLEWARE]  # noqa: F405
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]
