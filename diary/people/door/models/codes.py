"""One-time codes (A4)."""

from __future__ import annotations

import uuid

from django.db import models

from diary.foundation.core import clock
from diary.foundation.core.encryption import EncryptedTextField
from diary.foundation.post.models import Kind
from diary.people.accounts.models import User


class OneTimeCode(models.Model):
    """A code that was sent: for one session, one purpose, one use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session_index = models.BinaryField(help_text="blind index of the session's key: no other session can use it")
    purpose = models.CharField(max_length=20)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", help_text="null: a decoy for nobody")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    address = EncryptedTextField(help_text="E.164 or e-mail")
    address_index = models.BinaryField()
    code_hash = models.BinaryField(help_text="keyed, so that the table alone tells nothing")
    is_typed = models.BooleanField(default=False, help_text="the address was typed by who may not be its owner")
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now, help_text="when the message goes")
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["session_index", "purpose"], name="door_code_session"),
            models.Index(fields=["address_index", "created_at"], name="door_code_address"),
            models.Index(fields=["created_at"], name="door_code_created"),
        ]
