"""Processes of their own on the database of these tests."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit


def environment(database: str) -> dict[str, str]:
    """Variables of a process that works on this database as the application."""
    urls = {
        name: urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{database}"))
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    return {**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "diary.config.settings.test"}
