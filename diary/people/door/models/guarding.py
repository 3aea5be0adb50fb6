"""What guards the door: wrong passwords of each login, tries of each address, and the journal of sign-ins."""

from __future__ import annotations

from django.db import models

from diary.foundation.core import clock
from diary.foundation.core.models import AppendOnly
from diary.people.accounts.models.people import User
from diary.people.door.rules.lockout import Guard


class LoginGuard(models.Model):
    """The lockout machine of one login, whether anybody has it or not (A6)."""

    login_index = models.BinaryField(primary_key=True, help_text="blind index of the login in small letters")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    tries = models.BigIntegerField(default=0)
    forgiven = models.BigIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["touched_at"], name="door_guard_touched", condition=models.Q(user=None))]

    @property
    def state(self) -> Guard:
        """As the machine of `rules.lockout` takes it."""
        return Guard(self.tries, self.forgiven, self.locked_until)

    def put(self, state: Guard) -> None:
        """Write what the machine says."""
        self.tries, self.forgiven, self.locked_until = state.tries, state.forgiven, state.locked_until
        self.touched_at = clock.now()
        self.save(update_fields=["tries", "forgiven", "locked_until", "touched_at"])


class Allowance(models.Model):
    """How many more tries an address, a phone or an account has: a bucket that fills slowly."""

    key = models.BinaryField(primary_key=True, help_text="blind index of what is limited")
    left = models.FloatField()
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["counted_at"], name="door_allowance_counted")]


class SignInRecord(AppendOnly):
    """One line of a person's sign-in journal (A8). Of a login that nobody has only the line is kept, not the login."""

    class Result(models.TextChoices):
        """How it ended."""

        SIGNED_IN = "signed_in"
        WRONG_PASSWORD = "wrong_password"  # noqa: S105
        LOCKED = "locked"
        WRONG_CODE = "wrong_code"
        CLOSED = "closed"
        STEPPED_UP = "stepped_up"
        RECOVERED = "recovered"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    user_id = models.BigIntegerField(null=True)
    ip = models.GenericIPAddressField(null=True)
    device = models.TextField(blank=True)
    device_kind = models.CharField(max_length=10, blank=True)
    result = models.CharField(max_length=20, choices=Result.choices)
    factor = models.CharField(max_length=20, blank=True, help_text="kind of the second factor, or of the way in")

    class Meta:
        indexes = [models.Index(fields=["user_id", "at"], name="door_signin_user_at")]
