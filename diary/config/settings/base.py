"""Settings shared by every way of running: what the machine must know, nothing about any school."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parents[3]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "diary.foundation.core",
    "diary.foundation.audit",
    "diary.foundation.jobs",
    "diary.foundation.access",
    "diary.foundation.live",
    "diary.foundation.ui",
    "diary.people.schools",
    "diary.people.accounts",
    "diary.people.roster",
    "diary.people.notifications",
    "diary.schoolwork.timetable",
    "diary.schoolwork.planner",
    "diary.schoolwork.attendance",
    "diary.schoolwork.gradebook",
    "diary.schoolwork.homework",
    "diary.desks.home",
    "diary.desks.week",
    "diary.desks.journal",
    "diary.desks.office",
    "diary.gates.integrations.oneroster",
]

MIDDLEWARE = [
    "diary.foundation.ui.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "diary.foundation.ui.middleware.Compression",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "diary.foundation.ui.middleware.ReadersLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "diary.people.accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "diary.foundation.ui.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "diary.config.urls"
CSRF_FAILURE_VIEW = "diary.foundation.ui.views.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "diary.foundation.ui.jinja.RoomTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "diary.foundation.ui.jinja.environment",
            "context_processors": ["diary.foundation.ui.context.shell"],
        },
    },
]


def database(url: str) -> dict[str, object]:
    """Django's database settings from `postgresql://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    # Planning took longer than running: the server keeps each statement prepared from its third use in a connection.
    # Behind pgbouncer older than 1.21 add `prepare_threshold=none` to the address.
    prepare = str(options.pop("prepare_threshold", "2"))
    options |= {"server_side_binding": True, "prepare_threshold": int(prepare) if prepare.isdecimal() else None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


# Two roles: the owner migrates, the application may neither own nor bypass anything (ARCHITECTURE, the fourth lock).
DATABASE_APP_ROLE = os.environ.get("DIARY_DATABASE_APP_ROLE", "diary_app")
_app_url = os.environ.get("DATABASE_URL", "postgresql://diary_app@/diary")
_owner_url = os.environ.get("DATABASE_OWNER_URL", _app_url)
IS_OWNER = os.environ.get("DIARY_DATABASE_ROLE") == "owner"
DATABASES = {"default": database(_owner_url if IS_OWNER else _app_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["diary.people.accounts.sign_in.LoginBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "diary.people.accounts.session_store"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Russian is the language of the source sentences; English stands in the catalogue (docs/decisions).
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "diary" / "locale"]
USE_I18N = True
USE_TZ = True
CLOCK_OFFSET = dt.timedelta(0)
# characters of drawn pages that a server process keeps (ui.remembered); 0: each page is drawn anew
REMEMBERED_DRAWINGS = int(os.environ.get("DIARY_REMEMBERED_DRAWINGS", "12000000"))
TIME_ZONE = "Europe/Moscow"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "diary.foundation.ui.storage.JoinedStylesStorage"},
}

# The worker polls ten times a second; nobody sends NOTIFY inside a teacher's transaction (docs/decisions).
PROCRASTINATE_WORKER_DEFAULTS = {"listen_notify": False, "fetch_job_polling_interval": 0.05}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        # refusals (403, 404…) are answers, not events of the machine
        "django.request": {"level": "ERROR", "handlers": ["stderr"], "propagate": False},
        "django.security": {"level": "ERROR", "handlers": ["stderr"], "propagate": False},
        "procrastinate": {"level": "WARNING"},
    },
}
