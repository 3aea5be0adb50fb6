"""What the support desk sees of an account: how it can be checked, never what is in it (A7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from diary.foundation.access.actor import Actor
from diary.people.accounts.models import User
from diary.people.accounts.rules.formats import read_number
from diary.people.door.guarding.guard import standing_of
from diary.people.door.models import Factor, SignInRecord
from diary.people.door.policies import can_support
from diary.people.door.rules.lockout import Standing

LINES = 10


@dataclass(frozen=True, slots=True)
class AccountCard:
    """A person as support sees them: contacts masked, sign-ins without addresses."""

    user: User
    standing: Standing
    factors: tuple[str, ...]
    sign_ins: Sequence[SignInRecord]


def account_by_number(actor: Actor, number: str) -> User | None:
    """The account of this number, when the actor may support it."""
    user = User.objects.filter(number=read_number(number)).first()
    return user if user and can_support(actor, user) else None


def account_card(user: User) -> AccountCard:
    """What helps to make sure who is calling; five statements."""
    factors = Factor.objects.ready().filter(user=user).order_by("kind").values_list("kind", flat=True)
    return AccountCard(user, standing_of(user), tuple(dict.fromkeys(factors)), list(sign_in_lines(user)[:LINES]))


def sign_in_lines(user: User) -> QuerySet[SignInRecord]:
    """The person's sign-in journal, the newest first (A8); for slicing and filtering."""
    return SignInRecord.objects.filter(user_id=user.id).order_by("-at", "-id")


def can_do_without_phone(user: User) -> bool:
    """Whether something else than the phone proves who the owner is."""
    return (
        bool(user.email_confirmed_at) or Factor.objects.ready().filter(user=user).exclude(kind=Factor.Kind.SMS).exists()
    )
