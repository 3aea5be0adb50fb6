"""Reading rows by SQL."""

from __future__ import annotations

from typing import Any

from django.db import connection


def fetch(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    """The rows of one statement, with its values bound by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
