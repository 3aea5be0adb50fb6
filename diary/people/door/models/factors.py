"""What people prove themselves with besides the password (A5)."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models

from diary.foundation.core import clock
from diary.foundation.core.encryption import EncryptedTextField
from diary.people.accounts.models.people import User


class FactorRows(models.QuerySet["Factor"]):
    """Factors of all people."""

    def ready(self) -> Self:
        """Those that have been proved once and may be used."""
        return self.filter(confirmed_at__isnull=False)


class Factor(models.Model):
    """A second factor of a person. An SMS or e-mail factor speaks to the account's confirmed phone or address."""

    class Kind(models.TextChoices):
        """With what."""

        SMS = "sms"
        EMAIL = "email"
        TOTP = "totp"
        WEBAUTHN = "webauthn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.TextField(blank=True, help_text="what its owner calls it")
    secret = EncryptedTextField(blank=True, default="", help_text="TOTP: the shared secret; WebAuthn: the credential")
    credential_index = models.BinaryField(null=True, unique=True, help_text="WebAuthn: index of the credential id")
    used_up_to = models.BigIntegerField(default=0, help_text="TOTP: last step used; WebAuthn: the key's own counter")
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = FactorRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=models.Q(kind__in=["sms", "email"]),
                name="door_factor_once",
            )
        ]
        indexes = [models.Index(fields=["user"], name="door_factor_user")]


class RecoveryCode(models.Model):
    """One of ten codes on paper, for the day when every other factor is lost. Kept as a keyed hash, used once."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="door_recovery_code")]
