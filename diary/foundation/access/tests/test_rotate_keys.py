"""`manage.py rotate_keys` over the diary's own tables, in a committed copy of the database with the cast in it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from conftest import TEST_DATABASE, create_database, drop_database
from diary.foundation.core import clock
from diary.foundation.core.encryption import keys, rotation
from diary.foundation.core.encryption.keys import COUNTRY, forget_keys, key_in_use
from diary.foundation.core.encryption.tables import sealed_tables
from diary.foundation.core.encryption.upkeep import KEPT_FOR
from diary.foundation.core.models import DataKey, SchoolOwned
from diary.people.accounts.models import User
from tests.committed import database_name, in_database
from tests.people import PHONES, Cast


@pytest.fixture
def copy(_cast: Cast, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The owner works there; keys are noticed at once, as nobody else writes."""
    for module in (keys, rotation):
        monkeypatch.setattr(module, "NOTICED_WITHIN", 0)
    monkeypatch.setattr(rotation, "GRACE", 0)
    name = database_name("turned")
    with django_db_blocker.unblock():
        connection.close()
        create_database(name, template=TEST_DATABASE)
        with in_database(name, is_owner=True):
            yield name
    drop_database(name)
    forget_keys()


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("rotate_keys", *words, stdout=out)
    return out.getvalue()


def phones() -> dict[str, str]:
    return {user.login: user.phone for user in User.objects.exclude(phone_index=None)}


def dump() -> str:
    """Every row of every table, as pg_dump would write it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [row[0] for row in cursor.fetchall()]
        rows: list[str] = []
        for table in tables:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            rows.append(str(cursor.fetchone()[0]))
    return "\n".join(rows)


def test_every_sealed_column_of_the_diary_turns(copy: str) -> None:
    old = key_in_use(COUNTRY).id
    assert phones() == PHONES
    words = run()
    assert f"school 0, accounts_user: {len(PHONES)} rows" in words
    assert "school 0: everything is sealed with the key" in words
    new = key_in_use(COUNTRY).id
    tables = sealed_tables(apps.get_models())
    assert new != old
    assert not any(table.rows_of_key(COUNTRY, old).exists() for table in tables)
    retired = DataKey.objects.exclude(retired_at=None).count()  # that of the country, and those of schools in use
    with clock.fixed(clock.now() + 2 * KEPT_FOR):
        assert run("--drop") == f"{retired} keys removed\n"
    forget_keys()
    assert not DataKey.objects.filter(id=old).exists()
    assert phones() == PHONES


def test_unknown_school_is_refused(copy: str) -> None:
    with pytest.raises(CommandError, match="school 77 has no keys yet"):
        run("--school", "77")


def test_master_alone_changes_no_value(copy: str) -> None:
    before = bytes(User.objects.values_list("phone", flat=True).get(login="olga"))
    assert run("--master") == "0 data keys wrapped with the newest master key\n"
    assert bytes(User.objects.values_list("phone", flat=True).get(login="olga")) == before


def test_dump_of_the_database_shows_no_phone(copy: str) -> None:
    text = dump()
    assert "Соколова" in text
    for phone in PHONES.values():
        for part in (phone, phone[2:]):
            assert part not in text
            assert part.encode().hex() not in text


def test_sealed_tables_of_schools_are_sealed_with_the_keys_of_schools() -> None:
    """A table with a school's rows that is not SchoolOwned would be sealed with the country's key."""
    for table in sealed_tables(apps.get_models()):
        assert table.columns[0].is_of_school() == issubclass(table.model, SchoolOwned), table.name
