"""Data keys: made on first need, kept wrapped in core_datakey, unwrapped only in the memory of this process.

Two layers: master key → a school's data key. A layer of school keys between them would buy nothing. It is there to
keep a rotation of the master key small, and this one is as small: a row or two for each school. One school's data can
be made unreadable for ever by removing its rows either way.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from diary.foundation.core import clock
from diary.foundation.core.master_keys import SIZE, MasterKey, given_master_keys
from diary.foundation.core.models import DataKey

COUNTRY = 0  # the «school number» of what belongs to no single school: accounts
NOTICED_WITHIN = 2.0  # seconds until every process seals with the key that a rotation has brought
LARGEST_ID = 2**31 - 1

INSERT = """
INSERT INTO core_datakey (id, school_number, purpose, master, wrapped, created_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
IN_USE = "SELECT id, master, wrapped FROM core_datakey WHERE school_number = %s AND purpose = %s AND retired_at IS NULL"


class OpenKey:
    """An unwrapped key in memory; its bytes are shown to nobody."""

    def __init__(self, id: int, secret: bytes) -> None:
        self.id = id
        self.secret = secret
        self.cipher = AESGCM(secret)

    def __repr__(self) -> str:
        return f"<OpenKey {key_name(self.id)}>"


class UnknownKey(Exception):
    """The database holds no data key of this number."""


# The database's name stands first: keys of one database say nothing to another.
_opened: dict[tuple[str, int], OpenKey] = {}
_in_use: dict[tuple[str, int, str], tuple[float, OpenKey]] = {}


def key_name(id: int) -> str:
    """The number as people read it: «0badcafe»."""
    return f"{id:08x}"


@cache
def master_keys() -> tuple[MasterKey, ...]:
    """The master keys that this process was started with."""
    return given_master_keys(os.environ)


def forget_keys() -> None:
    """Drop everything from memory, as in a new process."""
    master_keys.cache_clear()
    _opened.clear()
    look_again()


def look_again() -> None:
    """Ask the database anew which keys are in use."""
    _in_use.clear()


def key_in_use(school_number: int, purpose: str = DataKey.DATA) -> OpenKey:
    """The key that seals new values of a school; the first need makes it.

    What is in use is read again every NOTICED_WITHIN seconds: a rotation waits longer than that.
    """
    place = (_database(), school_number, purpose)
    until, key = _in_use.get(place, (0.0, None))
    if key is None or time.monotonic() > until:
        row = _read(connection, school_number, purpose) or _make(school_number, purpose)
        key = _open(*row, school_number, purpose)
        _in_use[place] = (time.monotonic() + NOTICED_WITHIN, key)
    return key


def key_of(id: int) -> OpenKey:
    """The key that a value names, in use or retired. Raises UnknownKey."""
    key = _opened.get((_database(), id))
    if key is None:
        row = DataKey.objects.filter(id=id).values_list("id", "master", "wrapped", "school_number", "purpose").first()
        if row is None:
            raise UnknownKey
        key = _open(*row)
    return key


def new_row(school_number: int, purpose: str) -> DataKey:
    """A fresh random key, wrapped by the newest master key; not saved."""
    row = DataKey(
        id=secrets.randbelow(LARGEST_ID) + 1, school_number=school_number, purpose=purpose, created_at=clock.now()
    )
    wrap(row, secrets.token_bytes(SIZE))
    return row


def wrap(row: DataKey, secret: bytes) -> None:
    """Put the bytes of a data key into its row, under the newest master key."""
    row.master = master_keys()[0].id
    row.wrapped = master_keys()[0].wrap(secret, about(row.id, row.school_number, row.purpose))


def about(id: int, school_number: int, purpose: str) -> bytes:
    """What a wrapped key is bound to, so that it cannot stand in for another."""
    return f"{purpose} {key_name(id)} school {school_number}".encode()


def unwrapped(id: int, master: str, wrapped: bytes, school_number: int, purpose: str) -> bytes:
    """The bytes of a data key. Raises ImproperlyConfigured when its master key is not among the given ones."""
    found = next((key for key in master_keys() if key.id == master), None)
    if found is None:
        raise ImproperlyConfigured(
            f"Ключ данных {key_name(id)} закрыт главным ключом {master}, а он не задан. Добавьте его к заданным.\n"
            f"The data key {key_name(id)} is wrapped by the master key {master}, which is not given. Add it."
        )
    return found.unwrap(wrapped, about(id, school_number, purpose))


def _open(id: int, master: str, wrapped: bytes | memoryview, school_number: int, purpose: str) -> OpenKey:
    place = (_database(), id)
    if place not in _opened:
        _opened[place] = OpenKey(id, unwrapped(id, master, bytes(wrapped), school_number, purpose))
    return _opened[place]


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _read(where: BaseDatabaseWrapper, school_number: int, purpose: str) -> tuple[int, str, bytes] | None:
    with where.cursor() as cursor:
        cursor.execute(IN_USE, [school_number, purpose])
        return cursor.fetchone()  # type: ignore[no-any-return]


def _make(school_number: int, purpose: str) -> tuple[int, str, bytes]:
    """Two processes may come here at once: one inserts, both read the same row."""
    with _own_connection() as own:
        while True:
            row = new_row(school_number, purpose)
            with own.cursor() as cursor:
                cursor.execute(INSERT, [row.id, school_number, purpose, row.master, bytes(row.wrapped), row.created_at])
            made = _read(own, school_number, purpose)
            if made is not None:
                return made


@contextmanager
def _own_connection() -> Iterator[BaseDatabaseWrapper]:
    """A key must outlive the transaction that first needed it: rolled back, it would take its values with it."""
    own = connection.copy()
    try:
        yield own
    finally:
        own.close()
