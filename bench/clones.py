"""Copies of the first school, table by table in plain SQL: other ids, other accounts, the same content."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg import sql

from bench.shapes import ACCOUNTS_OF_SCHOOL

# 200 histories would more than double the folder without being read by any measured page
LEFT_OUT = ("gradebook_markchange",)
COLUMNS_SQL = """
SELECT table_name, array_agg(ARRAY[column_name::text, udt_name::text] ORDER BY ordinal_position)
FROM information_schema.columns
WHERE table_schema = 'public' GROUP BY 1
HAVING bool_or(column_name = 'school_id') AND bool_or(column_name = 'id' AND udt_name = 'uuid') ORDER BY 1
"""
Change = dict[str, sql.Composable]


def clone_schools(connection: psycopg.Connection, numbers: Iterable[int]) -> None:
    """Make these schools out of number 1. The connection is a superuser's: foreign keys are not checked again."""
    tables = [row for row in connection.execute(COLUMNS_SQL).fetchall() if row[0] not in LEFT_OUT]
    for number in numbers:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            _clone_accounts(connection, number)
            for table, columns in tables:
                changed = {name: expression for name, kind in columns if (expression := _changed(name, kind, number))}
                _copy(connection, table, [name for name, _kind in columns], changed, "school_id = 1")


def _clone_accounts(connection: psycopg.Connection, number: int) -> None:
    new_id = _shifted("id", number)
    other_name = sql.Literal(f"bench-{number}")
    _copy(connection, "schools_school", None, {"id": sql.Literal(number), "external_id": other_name}, "id = 1")
    login = sql.SQL("login || {}").format(sql.Literal(f"s{number}"))
    last = 2 * ACCOUNTS_OF_SCHOOL
    number_text = sql.SQL("lpad(({})::text, 12, '0')").format(new_id)
    changed: Change = {"id": new_id, "login": login, "number": number_text}
    # contacts are sealed for the row that they stand in: elsewhere they do not open
    changed |= {name: sql.SQL("''::bytea") for name in ("phone", "email", "address")}
    changed |= {name: sql.SQL("NULL::bytea") for name in ("phone_index", "email_index")}
    _copy(connection, "accounts_user", None, changed, f"id < {last}")
    granted: Change = {"id": new_id, "user_id": _shifted("user_id", number), "school_id": sql.Literal(number)}
    _copy(connection, "accounts_rolegrant", None, granted, "school_id = 1")


def _changed(name: str, kind: str, number: int) -> sql.Composable | None:
    if name == "school_id":
        return sql.Literal(number)
    if kind == "uuid":
        prefix = sql.Literal(f"{number:08x}")
        return sql.SQL("overlay({}::text placing {} from 1 for 8)::uuid").format(sql.Identifier(name), prefix)
    if kind == "int8" and name.endswith(("user_id", "_by_id")):
        return _shifted(name, number)
    return None


def _shifted(name: str, number: int) -> sql.Composable:
    return sql.SQL("{} + {}").format(sql.Identifier(name), sql.Literal((number - 1) * ACCOUNTS_OF_SCHOOL))


def _copy(connection: psycopg.Connection, table: str, names: list[str] | None, changed: Change, which: str) -> None:
    if names is None:
        names = [column.name for column in connection.execute(f'SELECT * FROM "{table}" LIMIT 0').description or ()]
    statement = sql.SQL("INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE " + which + " ORDER BY id")
    connection.execute(
        statement.format(
            table=sql.Identifier(table),
            names=sql.SQL(", ").join(sql.Identifier(name) for name in names),
            values=sql.SQL(", ").join(changed.get(name, sql.Identifier(name)) for name in names),
        )
    )
