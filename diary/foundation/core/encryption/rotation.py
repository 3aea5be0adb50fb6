"""New keys for old while everybody works. Every step can be repeated: after a kill, start again.

A rotation brings a new key, waits until every process seals with it and the transactions that may still hold values of
the old one are over, then seals the old values anew in small batches. Readers wait for nothing; a writer waits for one
batch at most; rows that a writer holds are passed over and come again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection, transaction

from diary.foundation.core import clock
from diary.foundation.core.encryption.keys import (
    COUNTRY,
    NOTICED_WITHIN,
    key_in_use,
    key_name,
    look_again,
    new_row,
)
from diary.foundation.core.encryption.tables import Table
from diary.foundation.core.encryption.values import DecryptionFailed
from diary.foundation.core.models import DataKey

BATCH = 200  # rows
GRACE = 1.0  # seconds that a process may take from choosing a key to sending the statement
PAUSE = 0.2  # seconds between two looks at what others hold

InScope = Callable[[Iterable[int]], AbstractContextManager[None]]  # a transaction that sees these schools
Tell = Callable[[str], None]

WRITERS = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND relation = ANY (%s::regclass[])
 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""


class NotAllMoved(Exception):
    """Some rows have values that do not open, so they could not be sealed anew; the old key stays."""


def schools_with_keys() -> list[int]:
    """Numbers of the schools that have sealed anything; 0 is the country."""
    keys = DataKey.objects.filter(purpose=DataKey.DATA).order_by("school_number")
    return list(keys.values_list("school_number", flat=True).distinct())


def rotate(school_numbers: list[int], tables: list[Table], in_scope: InScope, tell: Tell) -> None:
    """Bring new keys and seal everything with them. Raises NotAllMoved at the end when some values do not open.

    Where a rotation of these schools was interrupted, that one goes on and no other begins.
    """
    unfinished = _unfinished(school_numbers)
    if unfinished:
        tell(f"going on with a rotation that was interrupted: {len(unfinished)} of {len(school_numbers)} schools")
    school_numbers = unfinished or school_numbers
    for school_number in school_numbers:
        _begin(school_number)
    look_again()
    time.sleep(NOTICED_WITHIN + GRACE)
    _wait_for_writers(tables, tell)
    broken = sum(_move(school_number, tables, in_scope, tell) for school_number in school_numbers)
    if broken:
        raise NotAllMoved(f"{broken} rows do not open; the old keys stay")


def _unfinished(school_numbers: list[int]) -> list[int]:
    retired = DataKey.objects.filter(purpose=DataKey.DATA, retired_at__isnull=False, emptied_at=None)
    left = set(retired.values_list("school_number", flat=True))
    return [number for number in school_numbers if number in left]


def _begin(school_number: int) -> None:
    """A new key comes into use and the old one retires; a rotation that was interrupted goes on with its own."""
    with transaction.atomic(durable=True):
        keys = DataKey.objects.filter(school_number=school_number, purpose=DataKey.DATA)
        known = list(keys.select_for_update().order_by("id"))
        if not known or any(key.retired_at and not key.emptied_at for key in known):
            return
        keys.filter(retired_at=None).update(retired_at=clock.now())
        new_row(school_number, DataKey.DATA).save(force_insert=True)


def _wait_for_writers(tables: list[Table], tell: Tell) -> None:
    """Until every transaction that writes to the tables now has ended; those that begin later know the new key."""
    waiting, told = _writers(tables), 0
    while waiting:
        if len(waiting) != told:
            told = len(waiting)
            tell(f"waiting for {told} transactions that began before")
        time.sleep(PAUSE)
        waiting &= _writers(tables)


def _writers(tables: list[Table]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [[table.name for table in tables]])
        return {row[0] for row in cursor.fetchall()}


def _move(school_number: int, tables: list[Table], in_scope: InScope, tell: Tell) -> int:
    """Seal all values of a school with its key in use; the number of rows that do not open."""
    key_id = key_in_use(school_number).id
    broken = sum(_move_table(table, school_number, key_id, in_scope, tell) for table in tables)
    if not broken:
        retired = DataKey.objects.filter(school_number=school_number, purpose=DataKey.DATA, retired_at__isnull=False)
        retired.filter(emptied_at=None).update(emptied_at=clock.now())
        tell(f"school {school_number}: everything is sealed with the key {key_name(key_id)}")
    return broken


def _move_table(table: Table, school_number: int, key_id: int, in_scope: InScope, tell: Tell) -> int:
    done = 0
    while True:
        broken = 0
        for moved, failed in _batches(table, school_number, key_id, in_scope):
            done, broken = done + moved, broken + len(failed)
            tell(f"school {school_number}, {table.name}: {done} rows")
            for pk, problem in failed:
                tell(f"row {pk} stays as it is: {problem}")
        with in_scope(seen(school_number)):
            left = table.rows_of_other_keys(school_number, key_id).count()
        if left <= broken:
            return left
        time.sleep(PAUSE)


Failed = list[tuple[Any, DecryptionFailed]]


def _batches(table: Table, school_number: int, key_id: int, in_scope: InScope) -> Iterator[tuple[int, Failed]]:
    """Once through the table: how many rows of each batch were sealed anew, and which do not open."""
    after: dict[str, Any] = {}
    while True:
        with in_scope(seen(school_number)):
            rows = table.rows_of_other_keys(school_number, key_id).filter(**after)
            batch = list(rows.select_for_update(skip_locked=True, no_key=True)[:BATCH])
            failed = _reseal(table, batch)
        if not batch:
            return
        after = {f"{table.key}__gt": getattr(batch[-1], table.key)}
        yield len(batch) - len(failed), failed


def _reseal(table: Table, batch: list[Any]) -> Failed:
    """Write exactly what was read under the lock, and no other column; the rows that do not open stay."""
    values: list[list[Any]] = []
    failed: Failed = []
    for row in batch:
        try:
            sealed = [column.pre_save(row, False) for column in table.columns]
        except DecryptionFailed as problem:
            failed.append((row.pk, problem))
        else:
            values.append([*sealed, *(getattr(row, name) for name in table.key_names)])
    with connection.cursor() as cursor:
        cursor.executemany(table.update, values)
    return failed


def seen(school_number: int) -> list[int]:
    """The scope in which the rows of this key can be seen."""
    return [] if school_number == COUNTRY else [school_number]
