"""The log of every deed, and the seals that make later edits of it visible."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from diary.foundation.core.models import AppendOnly


class AuditEvent(AppendOnly):
    """One deed: who, when, what, on which object, from where. Never changed; sealed within a minute."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    user_name = models.TextField()
    school_id = models.IntegerField(null=True)
    action = models.TextField()
    object_type = models.TextField()
    object_id = models.TextField()
    ip = models.GenericIPAddressField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["school_id", "at"], name="audit_event_school_at"),
            models.Index(fields=["school_id", "object_type", "object_id"], name="audit_event_object"),
        ]


class UnsealedEvent(models.Model):
    """The queue of the sealer: events that no seal holds yet. A row leaves it only into a seal."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, primary_key=True, related_name="+")


class AuditSeal(AppendOnly):
    """A batch of events: the hash of each, their Merkle root, and a chain over the roots."""

    id = models.BigAutoField(primary_key=True)
    sealed_at = models.DateTimeField()
    event_ids = ArrayField(models.BigIntegerField())
    leaves = models.BinaryField()
    root = models.BinaryField()
    chain = models.BinaryField()
