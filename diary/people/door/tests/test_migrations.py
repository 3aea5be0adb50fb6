"""A database made before the door had a room of its own keeps everything that was in it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from conftest import TEST_DATABASE, create_database, drop_database
from diary.foundation.core import clock
from diary.foundation.core.encryption.values import Place, seal
from diary.people.accounts.models import User
from diary.people.door.guarding.guard import login_index
from diary.people.door.models import Factor, LoginGuard, RecoveryCode, Session, SignInRecord
from tests.committed import database_name, in_database
from tests.people import NOW, Cast

OF_THE_DOOR = ("allowance", "factor", "loginguard", "onetimecode", "recoverycode", "session", "signinrecord")


@pytest.fixture
def of_before(django_db_setup: None, _cast: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A copy of the tests' database as it was before, seen by the owner of the tables."""
    name = database_name("before")
    with clock.fixed(NOW):
        with django_db_blocker.unblock():
            connection.close()
            create_database(name, template=TEST_DATABASE)
            with in_database(name, is_owner=True):
                call_command("migrate", "door", "zero", verbosity=0)
                call_command("migrate", "accounts", "0007_codes_of_strangers", verbosity=0)
                yield
        drop_database(name)


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.split("_")[-1] in OF_THE_DOOR}


def test_rows_of_the_door_move_to_its_room_and_still_open(of_before: None) -> None:
    """C8: factors (sealed for the name of their table), guards, sessions, paper codes and the sign-in journal."""
    assert tables() == {f"accounts_{name}" for name in OF_THE_DOOR}
    key, user = uuid.uuid4(), User.objects.get(login="olga")
    sealed = seal("JBSWY3DPEHPK3PXP", Place("accounts_factor", "secret", 0, str(key)))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_factor (id, user_id, kind, name, secret, used_up_to, created_at, confirmed_at)"
            " VALUES (%s, %s, 'totp', 'Телефон', %s, 7, %s, %s)",
            [key, user.id, sealed, NOW, NOW],
        )
        cursor.execute(
            "INSERT INTO accounts_loginguard (login_index, user_id, tries, forgiven, touched_at)"
            " VALUES (%s, %s, 4, 1, %s)",
            [login_index("olga"), user.id, NOW],
        )
        cursor.execute(
            "INSERT INTO accounts_recoverycode (user_id, code_hash, created_at) VALUES (%s, %s, %s)",
            [user.id, secrets.token_bytes(16), NOW],
        )
        cursor.execute(
            "INSERT INTO accounts_session (session_key, handle, session_data, expire_date, user_id, created_at,"
            " last_seen_at, device, device_kind) VALUES ('key', %s, '', %s, %s, %s, %s, 'Firefox', 'phone')",
            [uuid.uuid4(), NOW, user.id, NOW, NOW],
        )
        cursor.execute(
            "INSERT INTO accounts_signinrecord (at, user_id, device, device_kind, result, factor)"
            " VALUES (%s, %s, '', '', 'signed_in', 'totp')",
            [NOW, user.id],
        )

    call_command("migrate", verbosity=0)

    assert tables() == {f"door_{name}" for name in OF_THE_DOOR}
    factor = Factor.objects.get(id=key)
    assert (factor.secret, factor.used_up_to, factor.user) == ("JBSWY3DPEHPK3PXP", 7, user)
    assert LoginGuard.objects.get(login_index=login_index("olga")).state.wrong_in_a_row == 3
    assert RecoveryCode.objects.filter(user=user).count() == 1
    assert Session.objects.get(session_key="key").device == "Firefox"
    assert SignInRecord.objects.filter(user_id=user.id, factor="totp").count() == 1
    SignInRecord.objects.create(user_id=user.id, result=SignInRecord.Result.LOCKED)  # numbered on
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
