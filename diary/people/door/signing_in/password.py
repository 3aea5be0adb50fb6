"""Login and password, the same for every door: the page, the API, the link with the state portal (A6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.accounts.rules.formats import PASSWORD_LONGEST, broken_login_rules
from diary.people.door.guarding import guard, hashing
from diary.people.door.guarding.journal import Visit, record
from diary.people.door.guarding.limits import SIGN_INS, WRONG_PASSWORDS, TooMany, place_of, too_many_sentence
from diary.people.door.models import SignInRecord
from diary.people.door.rules.lockout import Standing


@dataclass(frozen=True, slots=True)
class Outcome:
    """The person whose password it is, or why not. An unknown login gives the same as a wrong password."""

    user: User | None = None
    standing: Standing = Standing.OPEN
    minutes_left: int = 0
    closed: User | None = None  # the password is right, and the account is shut


def check_password(login: str, password: str, visit: Visit) -> Outcome:
    """Whose password this is. Raises limits.TooMany for an address that guesses or a person who
    signs in again and again, hashing.Busy when too many wait.

    Call it outside a transaction: the try must be committed before its hash is computed. A second factor, if the
    person has one, is the caller's next question (`needs_factor`).
    """
    place = place_of(visit.ip)
    if wait := SIGN_INS.take(f"{login.lower()} {place}"):
        raise TooMany(too_many_sentence(wait), wait, is_of_account=True)
    WRONG_PASSWORDS.must_take(place)
    if broken_login_rules(login):
        return Outcome()
    taken = guard.begin_try(login)
    user = User.objects.filter(login__iexact=login).first()
    if taken.number is None:
        record(user, visit, SignInRecord.Result.LOCKED)
        return _shut(taken)
    is_right, is_old = hashing.is_right_password(password[: PASSWORD_LONGEST * 2], user.password if user else None)
    if user is None or not is_right or not user.may_sign_in:
        closed = user if is_right else None
        record(user, visit, SignInRecord.Result.CLOSED if closed else SignInRecord.Result.WRONG_PASSWORD)
        return replace(_shut(taken), closed=closed)
    guard.forgive(login, taken.number)
    WRONG_PASSWORDS.give_back(place)
    if is_old:
        user.password = hashing.hash_password(password)
        user.save(update_fields=["password"])
    return Outcome(user)


def _shut(taken: guard.Try) -> Outcome:
    now = clock.now()
    standing, until = taken.guard.standing(now), taken.guard.locked_until
    minutes = -(-(until - now).total_seconds() // 60) if until and standing is Standing.LOCKED else 0
    return Outcome(None, standing, int(minutes))


class LoginBackend:
    """Django's authentication protocol over our users; passwords are checked by `check_password` alone."""

    def authenticate(self, request: HttpRequest | None, **_credentials: Any) -> User | None:
        """Nobody comes in past the guard."""
        return None

    def get_user(self, user_id: Any) -> User | None:
        """The session's user with roles; None when gone or switched off."""
        return User.objects.with_roles().filter(id=user_id, is_active=True, deactivated_at=None).first()
