"""Ten codes on paper for the day when every other factor is lost (A5, A14)."""

from __future__ import annotations

import secrets

from diary.foundation.core import clock
from diary.foundation.core.encryption import blind_index
from diary.people.accounts.models import User
from diary.people.door.models import RecoveryCode

COUNT = 10
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none is mistaken for another
LENGTH = 10


def new_codes(user: User) -> list[str]:
    """Ten fresh codes «abcde-fghjk», shown once; the old ones die."""
    codes = ["".join(secrets.choice(SIGNS) for _sign in range(LENGTH)) for _number in range(COUNT)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=_hash(user, code), created_at=clock.now()) for code in codes
    )
    return [f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}" for code in codes]


def take_recovery_code(user: User, typed: str) -> bool:
    """Whether this is an unused code of the person; then it is used up."""
    code = "".join(sign for sign in typed.lower() if sign in SIGNS)
    fitting = RecoveryCode.objects.filter(user=user, code_hash=_hash(user, code), used_at=None)
    return bool(fitting.update(used_at=clock.now()))


def codes_left(user: User) -> int:
    """How many are unused."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _hash(user: User, code: str) -> bytes:
    return blind_index("recovery code", f"{user.id} {code}")
