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
    "diary.foundation.tables",
    "diary.foundation.access",
    "diary.foundation.post",
    "diary.foundation.live",
    "diary.foundation.ui",
    "diary.people.schools",
    "diary.people.accounts",
    "diary.people.door",
    "diary.people.notifications",
    "diary.people.roster",
    "diary.people.intake",
    "diary.schoolwork.timetable",
    "diary.schoolwork.planner",
    "diary.schoolwork.attendance",
    "diary.schoolwork.gradebook",
    "diary.schoolwork.homework",
    "diary.desks.home",
    "diary.desks.week",
    "diary.desks.journal",
    "diary.desks.office",
    "diary.desks.family",
    "diary.desks.settings",
    "diary.gates.integrations.oneroster",
    "diary.gates.integrations.identities",
    "diary.gates.integrations.esia",
    "diary.gates.integrations.openid",
    "diary.gates.integrations.sms",
    "diary.gates.integrations.smtp",
]

MIDDLEWARE = [
    "diary.foundation.ui.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "diary.foundation.ui.middleware.Compression",
    "diary.foundation.ui.middleware.Utf8Forms",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "diary.foundation.ui.middleware.ReadersLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "diary.people.door.sessions.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "diary.foundation.ui.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "diary.config.urls"
CSRF_FAILURE_VIEW = "diary.people.door.views.stale.csrf_failure"

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
        "ENGINE": "diary.foundation.core.postgres",
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
AUTHENTICATION_BACKENDS = ["diary.people.door.signing_in.password.LoginBackend"]
PASSWORD_HASHERS = ["diary.people.door.guarding.hashing.TunedArgon2"]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SECOND_FACTOR_URL = "/confirm/"
SERVICES_URL = "/settings/services/"
MESSAGE_OUTBOX = False  # a demo keeps its messages on a page instead of sending them

SESSION_ENGINE = "diary.people.door.sessions.store"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES: list[str] = []
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
TIME_ZONE = "UTC"  # the machine's; what people see goes by the clock of a school (core.clock)

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

# Госуслуги (ЕСИА): without a client id the door is closed and its button is not shown (gates/integrations/esia).
ESIA_ADDRESS = os.environ.get("ESIA_ADDRESS", "https://esia.gosuslugi.ru")
ESIA_ISSUER = os.environ.get("ESIA_ISSUER", "http://esia.gosuslugi.ru/")
ESIA_CLIENT_ID = os.environ.get("ESIA_CLIENT_ID", "")
ESIA_KEY_FILE = os.environ.get("ESIA_KEY_FILE", "")
ESIA_CERTIFICATE_FILE = os.environ.get("ESIA_CERTIFICATE_FILE", "")
ESIA_TRUSTED_FOLDER = os.environ.get("ESIA_TRUSTED_FOLDER", "")
ESIA_SCOPES = os.environ.get(
    "ESIA_SCOPES", "openid fullname birthdate mobile email kid_fullname kid_birthdate kid_birth_cert_doc"
)
# Any other provider of OpenID Connect, by discovery (gates/integrations/openid).
OPENID_ISSUER = os.environ.get("OPENID_ISSUER", "")
OPENID_CLIENT_ID = os.environ.get("OPENID_CLIENT_ID", "")
OPENID_CLIENT_SECRET = os.environ.get("OPENID_CLIENT_SECRET", "")
OPENID_NAME = os.environ.get("OPENID_NAME", "")
# SMS through a gateway of the sms.ru dialect (gates/integrations/sms).
SMS_ADDRESS = os.environ.get("SMS_ADDRESS", "https://sms.ru")
SMS_API_ID = os.environ.get("SMS_API_ID", "")
SMS_SENDER = os.environ.get("SMS_SENDER", "")
SMS_IS_TEST = os.environ.get("SMS_IS_TEST", "") == "1"
# E-mail through an SMTP server (gates/integrations/smtp).
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "diary@localhost")

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
        # anybody can send too much: an answer (413) too, and no reason to fill the log
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
        "django.security.TooManyFilesSent": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
        # addresses of calls to partners carry identifiers
        "httpx": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
    },
}

# files from outside are read in a process of their own, with limits of memory and time
FOREIGN_FILES_APART = True
