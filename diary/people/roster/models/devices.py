"""A child's own sign-in (A16): the QR pass that a parent issues, and the device that it has bound."""

from __future__ import annotations

import secrets
import uuid
from typing import Self

from django.db import models

from diary.foundation.core import clock
from diary.foundation.core.encryption import blind_index
from diary.people.accounts.models import User
from diary.people.schools.models import School

SECRET_BYTES = 32


def new_secret() -> str:
    """What a QR or a cookie carries; the database keeps its index alone."""
    return secrets.token_urlsafe(SECRET_BYTES)


def pass_index(secret: str) -> bytes:
    """What a pass is found by."""
    return blind_index("child pass", secret)


def device_index(secret: str) -> bytes:
    """What a device is found by."""
    return blind_index("child device", secret)


class DevicePass(models.Model):
    """A QR: one device, once, for ten minutes. Read before it is known who comes, so it stands outside the schools."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret_index = models.BinaryField(unique=True)
    school = models.ForeignKey(School, models.CASCADE, related_name="+", db_index=False)
    student_id = models.UUIDField()
    issued_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="roster_devicepass_expires")]

    @property
    def is_open(self) -> bool:
        """Whether it still binds a device."""
        return self.used_at is None and clock.now() < self.expires_at


class DeviceRows(models.QuerySet["ChildDevice"]):
    """Devices of all children."""

    def bound(self) -> Self:
        """Those that have not been taken back."""
        return self.filter(revoked_at=None)


class ChildDevice(models.Model):
    """A phone or tablet that signs its child in: by the secret in its cookie and, for the young, a PIN."""

    class Revoked(models.TextChoices):
        """Why it signs nobody in any more."""

        BY_PARENT = "by_parent"
        WRONG_PINS = "wrong_pins"
        REPLACED = "replaced"
        LOST = "lost"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret_index = models.BinaryField(unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", help_text="the child")
    bound_by = models.ForeignKey(User, models.CASCADE, related_name="+", help_text="the parent whose QR it was")
    device = models.TextField(blank=True, help_text="«Chrome, Android»")
    device_kind = models.CharField(max_length=10, blank=True)
    pin_hash = models.BinaryField(null=True, help_text="keyed, so that the table alone tells nothing")
    wrong_pins = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    session_handle = models.UUIDField(null=True, help_text="the session that this device has now")
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=10, blank=True, choices=Revoked.choices)

    objects = DeviceRows.as_manager()

    @property
    def has_pin(self) -> bool:
        """Whether it asks before it signs in."""
        return self.pin_hash is not None

    def hash_of(self, pin: str) -> bytes:
        """The PIN as this device keeps it."""
        return blind_index("child pin", f"{self.id} {pin}")
