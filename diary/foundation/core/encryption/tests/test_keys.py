"""Data keys: one in use for each school, made once, wrapped in the database, shown nowhere."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from diary.foundation.core import clock
from diary.foundation.core.encryption import DecryptionFailed
from diary.foundation.core.encryption.keys import OpenKey, forget_keys, key_in_use, key_of, new_row
from diary.foundation.core.encryption.tests.processes import environment
from diary.foundation.core.encryption.values import Place, seal, unseal
from diary.foundation.core.models import DataKey

pytestmark = pytest.mark.usefixtures("sealed")

FIRST_KEY = """
import django
django.setup()
from diary.foundation.core.encryption.keys import key_in_use
from django.db import connection
connection.ensure_connection()
print("ready", flush=True)
input()
print(key_in_use(31).id, key_in_use(32).id)
"""


def test_schools_have_keys_of_their_own() -> None:
    assert len({key_in_use(number).secret for number in (0, 11, 12)}) == 3


def test_key_is_the_same_in_the_next_process() -> None:
    before = key_in_use(11)
    forget_keys()
    assert (key_in_use(11).id, key_in_use(11).secret) == (before.id, before.secret)


def test_key_of_another_school_does_not_open() -> None:
    value = seal("тайна", Place("t", "c", 11, "1"))
    with pytest.raises(DecryptionFailed):
        unseal(value, Place("t", "c", 12, "1"))


def test_processes_that_race_for_the_first_key_share_it(sealed: str) -> None:
    command = [sys.executable, "-c", FIRST_KEY]
    started = [
        subprocess.Popen(command, env=environment(sealed), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = {process.communicate(timeout=60)[0] for process in started}
    assert answers == {f"{key_in_use(31).id} {key_in_use(32).id}\n"}


def test_key_outlives_the_transaction_that_first_needed_it() -> None:
    with transaction.atomic():
        value = seal("тайна", Place("t", "c", 41, "1"))
        transaction.set_rollback(True)
    forget_keys()
    assert unseal(value, Place("t", "c", 41, "1")) == "тайна"


def test_database_holds_one_key_in_use_for_a_school() -> None:
    key_in_use(11)
    with pytest.raises(IntegrityError, match="core_datakey_one_in_use"):
        new_row(11, DataKey.DATA).save(force_insert=True)
    with pytest.raises(IntegrityError, match="core_datakey_retired_before_emptied"):
        DataKey.objects.filter(school_number=11).update(emptied_at=clock.now())


def test_application_cannot_delete_keys() -> None:
    key_in_use(11)
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('core_datakey', 'DELETE, TRUNCATE')")
        assert cursor.fetchone() == (False,)


def test_sealing_and_opening_ask_the_database_once() -> None:
    value = seal("тайна", Place("t", "c", 11, "1"))
    forget_keys()
    with CaptureQueriesContext(connection) as statements:
        for _ in range(5):
            seal("тайна", Place("t", "c", 11, "1"))
            unseal(value, Place("t", "c", 11, "1"))
    assert len(statements) == 1
    forget_keys()
    with CaptureQueriesContext(connection) as statements:
        unseal(value, Place("t", "c", 11, "1"))
    assert len(statements) == 1


@pytest.mark.parametrize("column", ["school_number", "purpose", "id"])
def test_wrapped_key_cannot_stand_in_for_another(column: str) -> None:
    """Who writes to the table could give a school the key of a school that he reads; the wrapping names its place."""
    key = key_in_use(51)
    row = DataKey.objects.get(id=key.id)
    other = {"school_number": 52, "purpose": DataKey.INDEX, "id": key.id + 1}[column]
    setattr(row, column, other)
    with transaction.atomic():
        DataKey.objects.filter(id=key.id).update(retired_at=clock.now())
        row.save(force_insert=column == "id")
        forget_keys()
        with pytest.raises(ImproperlyConfigured, match="is damaged"):
            key_of(row.id)
        transaction.set_rollback(True)


def test_keys_are_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as statements:
        forget_keys()
        key = key_in_use(61)
        value = seal("тайна", Place("t", "c", 61, "1"))
        with pytest.raises(DecryptionFailed) as failure:
            unseal(value, Place("t", "c", 61, "2"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(d::text, ''), '') FROM core_datakey d")
        dump = str(cursor.fetchone()[0])
    shown = f"{caplog.text}{statements.captured_queries}{key!r}{vars(failure.value)}{failure.value!r}{dump}"
    assert repr(key) == f"<OpenKey {key.id:08x}>"
    assert isinstance(key, OpenKey)
    for form in (key.secret.hex(), repr(key.secret)[2:-1], "тайна"):
        assert form not in shown
