"""Many rows at once. COPY is refused on tables with row-level security, so rows travel as arrays of columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import psycopg
from django.db import connection, models

BATCH = 10_000
T = TypeVar("T")


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """INSERT … SELECT FROM unnest(…), in batches; `names` are the columns of `rows`. Returns how many rows."""
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = ", ".join(quote(str(fields[name].column)) for name in names)
    arrays = ", ".join(f"%b::{fields[name].db_type(connection)}[]" for name in names)
    # names come from models only, values are bound
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT * FROM unnest({arrays})"  # noqa: S608
    count = 0
    with psycopg.Cursor(connection.connection) as cursor:
        for batch in batches(rows):
            cursor.execute(statement.encode(), [list(column) for column in zip(*batch, strict=True)])
            count += len(batch)
    return count


def batches(things: Iterable[T]) -> Iterator[list[T]]:
    """Lists of at most BATCH things."""
    iterator = iter(things)
    while batch := list(islice(iterator, BATCH)):
        yield batch
