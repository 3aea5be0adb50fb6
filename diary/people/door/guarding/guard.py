"""The lockout machine over the database: a try is taken under a row lock before any hash is computed (A6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction

from diary.foundation.core import clock
from diary.foundation.core.encryption import blind_index
from diary.foundation.core.lasting import lasting
from diary.people.accounts.models import User
from diary.people.door.models import LoginGuard
from diary.people.door.rules.lockout import Guard, Standing, recovered, right_password, take_try

_BEGIN = """
INSERT INTO door_loginguard (login_index, user_id, tries, forgiven, touched_at)
VALUES (%s, (SELECT id FROM accounts_user WHERE upper(login) = upper(%s)), 0, 0, %s) ON CONFLICT DO NOTHING
"""


KEPT_FOR = dt.timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was taken; without a number the login is locked, and the password is not looked at."""

    number: int | None
    guard: Guard


def login_index(login: str) -> bytes:
    """What the guard of a login is found by; case does not matter."""
    return blind_index("login", login.lower())


def begin_try(login: str) -> Try:
    """Count a try at this login; committed before the hash is computed unless the caller holds a transaction open."""
    return lasting(partial(_begin_try, login))


def _begin_try(login: str) -> Try:
    index = login_index(login)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, [index, login, clock.now()])
        row = LoginGuard.objects.select_for_update().get(login_index=index)
        guard, number = take_try(row.state, clock.now())
        row.put(guard)
    return Try(number, guard)


def forgive(login: str, number: int) -> None:
    """The password of try `number` was right."""
    with transaction.atomic():
        row = LoginGuard.objects.select_for_update().get(login_index=login_index(login))
        row.put(right_password(row.state, number))


def unlock(user: User) -> None:
    """The person has shown who they are in another way: the password may be tried again."""
    with transaction.atomic():
        row = LoginGuard.objects.select_for_update().filter(login_index=login_index(user.login)).first()
        if row is not None:
            row.put(recovered(row.state))


def forget(login: str) -> None:
    """The login begins anew: until now nobody had it."""
    LoginGuard.objects.filter(login_index=login_index(login)).delete()


def forget_guards() -> None:
    """Drop guards of logins that nobody has and nobody has tried for half a year. A person's lockout stays."""
    LoginGuard.objects.filter(user=None, touched_at__lt=clock.now() - KEPT_FOR).delete()


def standing_of(user: User) -> Standing:
    """What the person's login may do now."""
    row = LoginGuard.objects.filter(login_index=login_index(user.login)).first()
    return row.state.standing(clock.now()) if row else Standing.OPEN
