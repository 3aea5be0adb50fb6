"""The master key changes without touching a value; keys that nothing needs are removed."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError

from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.foundation.core.encryption import DecryptionFailed, blind_index, keys, rotation
from diary.foundation.core.encryption.keys import COUNTRY, forget_keys, key_in_use, master_keys
from diary.foundation.core.encryption.rotation import rotate
from diary.foundation.core.encryption.tables import sealed_tables
from diary.foundation.core.encryption.tests.tables import Paper, Person
from diary.foundation.core.encryption.upkeep import KEPT_FOR, drop_emptied, rewrap
from diary.foundation.core.encryption.values import Place, seal, unseal
from diary.foundation.core.models import DataKey
from tests.committed import in_database

TABLES = sealed_tables([Person, Paper])
PLACE = Place("t", "c", 71, "1")


@pytest.fixture
def give(sealed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Start anew, as it were, with these master keys."""
    usual = os.environ["DIARY_MASTER_KEY"]

    def give(*words: str) -> None:
        monkeypatch.setenv("DIARY_MASTER_KEY", " ".join(words))
        forget_keys()

    yield give
    if DataKey.objects.exclude(master=keys.given_master_keys({"DIARY_MASTER_KEY": usual})[0].id).exists():
        give(usual, os.environ["DIARY_MASTER_KEY"])
        rewrap()


def test_master_key_changes_and_nothing_else_does(give: Callable[..., None]) -> None:
    usual, fresh = os.environ["DIARY_MASTER_KEY"], base64.b64encode(secrets.token_bytes(32)).decode()
    value, index, secret = seal("тайна", PLACE), blind_index("phone", "1"), key_in_use(71).secret
    give(fresh, usual)
    assert unseal(value, PLACE) == "тайна"
    assert rewrap() == DataKey.objects.count() > 1
    assert rewrap() == 0
    give(fresh)
    assert (unseal(value, PLACE), blind_index("phone", "1"), key_in_use(71).secret) == ("тайна", index, secret)
    assert set(DataKey.objects.values_list("master", flat=True)) == {master_keys()[0].id}
    give(usual)
    with pytest.raises(ImproperlyConfigured, match=r"wrapped by the master key [0-9a-f]{8}, which is not given"):
        unseal(value, PLACE)
    give(usual, fresh)


def test_emptied_key_is_removed_after_a_day(sealed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "NOTICED_WITHIN", 0)
    monkeypatch.setattr(rotation, "GRACE", 0)
    row = Person.objects.create(phone="+79161234567")
    old = key_in_use(COUNTRY).id
    straggler = bytes(seal("x", Person._meta.get_field("phone").place_of(row)))
    rotate([COUNTRY], TABLES, school_scope, lambda _words: None)
    with clock.fixed(clock.now() + KEPT_FOR):
        with pytest.raises(ProgrammingError, match="permission denied"):
            drop_emptied(TABLES, school_scope)
        with in_database(sealed, is_owner=True):
            with clock.fixed(clock.now() - KEPT_FOR / 2):
                assert drop_emptied(TABLES, school_scope) == 0
            assert drop_emptied(TABLES, school_scope) == 1
    forget_keys()
    assert not DataKey.objects.filter(id=old).exists()
    assert Person.objects.get(pk=row.pk).phone == "+79161234567"
    with pytest.raises(DecryptionFailed, match=f"data key {old:08x} is unknown"):
        unseal(straggler, Person._meta.get_field("phone").place_of(row))


def test_key_with_a_straggler_stays(sealed: str) -> None:
    row = Person.objects.create(phone="+79161234567")
    moment = clock.now() - 2 * KEPT_FOR
    DataKey.objects.filter(id=key_in_use(COUNTRY).id).update(retired_at=moment, emptied_at=moment)
    with in_database(sealed, is_owner=True):
        assert drop_emptied(TABLES, school_scope) == 0
    assert Person.objects.get(pk=row.pk).phone == "+79161234567"
