"""Browsers that have signed in."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, Self

from django.db import models

from diary.foundation.core import clock
from diary.people.accounts.models.people import User


def stored_key(secret: str | None) -> str:
    """What the database keeps of a session's secret: whoever reads the table cannot come in with it.

    The secret is 32 random characters, so a plain digest cannot be reversed.
    """
    return hashlib.sha256((secret or "").encode()).hexdigest()[:40]


class SessionRows(models.QuerySet["Session"]):
    """Sessions of all users; only the session store and the pages of the door read them."""

    def alive(self) -> Self:
        """Sessions that have not run out."""
        return self.filter(expire_date__gt=clock.now())

    def with_secret(self, secret: str) -> Self:
        """The session whose cookie holds this."""
        return self.filter(session_key=stored_key(secret))


class Session(models.Model):
    """A browser that has signed in. The secret in its cookie changes with each step up; its `handle` is no secret."""

    session_key = models.CharField(max_length=40, primary_key=True, help_text="stored_key() of the cookie")
    handle = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    created_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now, help_text="to ten minutes")
    ip = models.GenericIPAddressField(null=True)
    device = models.TextField(blank=True, help_text="«Chrome, Windows»")
    device_kind = models.CharField(max_length=10, blank=True)
    factor_at = models.DateTimeField(null=True, help_text="when a second factor was last proved")

    objects = SessionRows.as_manager()

    def save(self, **kwargs: Any) -> None:
        """The store knows the content only: what is known of the browser stays as the first save wrote it."""
        if kwargs.get("force_update"):
            kwargs["update_fields"] = ["session_data", "expire_date", "user", "factor_at"]
        super().save(**kwargs)
