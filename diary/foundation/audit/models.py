"""The log of every deed, and the seals that make later edits of it visible."""

from __future__ import annotations

from typing import Any, ClassVar

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


class History(AppendOnly):
    """What became of a thing, version by version: chained by hashes, and told of by the audit events of its deed.

    A history declares itself by this base and is then checked by `manage.py audit_verify` (see `histories`). Its deed
    notes `{told: [{"hash": hex of the row's hash, …}, …]}`. Rows that nobody's deed has made (an older log, a demo) are
    told by an event of `brought_by`, which may not come after deeds of the school's own.
    """

    thing: ClassVar[str]  # the word for it, and with «_id» the field that names it
    deed: ClassVar[str]
    told: ClassVar[str]
    brought_by: ClassVar[str]

    version = models.PositiveIntegerField()
    changed_by_id = models.BigIntegerField()
    changed_by_name = models.TextField()
    changed_at = models.DateTimeField()
    content_version = models.PositiveSmallIntegerField(db_default=1, help_text="which fields the hash holds")
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        abstract = True

    def content(self) -> dict[str, Any]:
        """What of the row is hashed: everything but the hash itself."""
        raise NotImplementedError
