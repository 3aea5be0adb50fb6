"""Messages on their way to a phone or a mailbox (A4)."""

from __future__ import annotations

import uuid

from django.db import models

from diary.foundation.core import clock
from diary.foundation.core.encryption import EncryptedTextField


class Kind(models.TextChoices):
    """How a message travels."""

    SMS = "sms"
    EMAIL = "email"


class OutgoingMessage(models.Model):
    """A message that waits for the worker; the row goes when the message has gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    address = EncryptedTextField()
    subject = EncryptedTextField(blank=True, default="")
    text = EncryptedTextField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(help_text="after it the message is no longer worth sending")


class OutboxMessage(models.Model):
    """What a demo or a test «sent», for the page «Почта и SMS этого компьютера». Production writes none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    address = EncryptedTextField()
    subject = EncryptedTextField(blank=True, default="")
    text = EncryptedTextField()
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="post_outbox_sent")]
