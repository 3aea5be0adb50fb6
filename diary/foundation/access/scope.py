"""The school scope of the present transaction: what row-level security in the database compares with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_scope: ContextVar[tuple[int, ...]] = ContextVar("school_scope", default=())


def _apply(school_ids: tuple[int, ...]) -> None:
    # SET LOCAL cannot take bound parameters; the value is built of integers only
    value = ",".join(str(int(school_id)) for school_id in school_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.school_ids = '{value}'")


@contextmanager
def school_scope(school_ids: Iterable[int]) -> Iterator[None]:
    """Open a transaction in which rows of these schools, and no others, can be seen and written."""
    wanted = tuple(sorted(set(school_ids)))
    with transaction.atomic():
        before = _scope.get()
        _apply(wanted)
        token = _scope.set(wanted)
        try:
            yield
        finally:
            _scope.reset(token)
        # after an exception the savepoint takes the setting back by itself; a failed statement could not
        if connection.savepoint_ids and not connection.needs_rollback:
            _apply(before)


def current_scope() -> tuple[int, ...]:
    """Schools of the present scope; empty outside one."""
    return _scope.get()
