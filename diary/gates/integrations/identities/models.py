"""Which person at which provider is which account here."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models

from diary.foundation.access.actor import Actor
from diary.foundation.core import clock
from diary.foundation.core.encryption import blind_index
from diary.people.accounts.models import User


class IdentityRows(models.QuerySet["ExternalIdentity"]):
    """Links of all people."""

    def visible_to(self, actor: Actor) -> Self:
        """The actor's own."""
        return self.filter(user_id=actor.person_id)


class ExternalIdentity(models.Model):
    """A link between an account and a person at a provider, who is known here by a blind index only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=20)
    subject_index = models.BinaryField()
    linked_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)

    objects = IdentityRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject_index"], name="identities_one_account"),
            models.UniqueConstraint(fields=["user", "provider"], name="identities_one_person"),
        ]


def subject_index(provider: str, subject: str) -> bytes:
    """What a person at a provider is looked for by."""
    return blind_index("identity", f"{provider} {subject}")
