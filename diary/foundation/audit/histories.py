"""The check of every history: each row as it was written, after the one before, told of by the sealed log (M9, A3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from diary.foundation.audit.models import History
from diary.foundation.audit.rules import GENESIS, leaf_hash

AT_ONCE = dt.timedelta(minutes=1)  # a row and its event are written by one deed


def histories() -> list[type[History]]:
    """Every table that declares itself a history."""
    return [model for model in apps.get_models() if issubclass(model, History)]


def history_breaks(school_id: int) -> Iterator[str]:
    """One sentence for each break in any history of a school in scope."""
    for model in histories():
        yield from chain_breaks(model, school_id)
        yield from told_breaks(model, school_id)


def chain_breaks(model: type[History], school_id: int) -> Iterator[str]:
    """Changed content, a missing link, a wrong link."""
    field = f"{model.thing}_id"
    thing, version, previous = None, 0, GENESIS
    every: Any = model._default_manager  # of a school, as every history is: the base knows no schools
    rows = every.filter(school_id=school_id).order_by(field, "version")
    for row in rows.iterator(chunk_size=5000):
        if getattr(row, field) != thing:
            thing, version, previous = getattr(row, field), 0, GENESIS
        name = f"{model.thing} {thing} of school {school_id}, change {row.version}"
        if row.version != version + 1:
            yield f"{name}: the change before it is missing"
        elif bytes(row.previous_hash) != previous:
            yield f"{name}: does not follow the change before it"
        if leaf_hash(row.content()) != bytes(row.hash):
            yield f"{name}: changed after it was written"
        version, previous = row.version, bytes(row.hash)


# the audit side is put together first: it is one local table, the history may be spread over many servers
TOLD_SQL = """
WITH told AS MATERIALIZED (
 SELECT e.id, e.at, e.user_id, e.user_name, e.action = %(brought_by)s AS is_brought,
  one ->> 'hash' AS hash, one ->> %(thing)s AS thing
 FROM audit_auditevent e CROSS JOIN LATERAL jsonb_array_elements(
  CASE jsonb_typeof(e.details -> %(told)s) WHEN 'array' THEN e.details -> %(told)s END) one
 WHERE e.school_id = %(school)s AND e.action IN (%(deed)s, %(brought_by)s)
), kept AS MATERIALIZED (
 SELECT encode(hash, 'hex') AS hash, {thing}_id::text AS thing, version, changed_at, changed_by_id, changed_by_name,
  content_version
 FROM {table} WHERE school_id = %(school)s
), own AS (
 SELECT min(told.id) AS first FROM told JOIN kept USING (hash) WHERE NOT told.is_brought AND kept.content_version > 1
)
(SELECT kept.thing, kept.version, NULL::bigint, 'told of by no audit event' FROM kept
 WHERE NOT EXISTS (SELECT FROM told WHERE told.hash = kept.hash) LIMIT 100)
UNION ALL
(SELECT told.thing, NULL, told.id, 'the change told by audit event %%s is gone or differs' FROM told
 WHERE NOT EXISTS (SELECT FROM kept WHERE kept.hash = told.hash) LIMIT 100)
UNION ALL
(SELECT max(kept.thing), max(kept.version), max(told.id), 'told of once more by audit event %%s'
 FROM told JOIN kept USING (hash) GROUP BY hash HAVING count(*) > 1 LIMIT 100)
UNION ALL
(SELECT kept.thing, kept.version, told.id, 'its author is not the one of audit event %%s'
 FROM told JOIN kept USING (hash) WHERE NOT told.is_brought
  AND (kept.changed_by_id, kept.changed_by_name) IS DISTINCT FROM (told.user_id, told.user_name) LIMIT 100)
UNION ALL
(SELECT kept.thing, kept.version, told.id, 'its time is not the one of audit event %%s' FROM told JOIN kept USING (hash)
 WHERE kept.changed_at > told.at + %(at_once)s OR NOT told.is_brought AND kept.changed_at < told.at - %(at_once)s
 LIMIT 100)
UNION ALL
(SELECT kept.thing, kept.version, told.id, 'brought in by audit event %%s, after the school had changes of its own'
 FROM told JOIN kept USING (hash) CROSS JOIN own WHERE told.is_brought AND told.id > own.first LIMIT 100)
"""


def told_breaks(model: type[History], school_id: int) -> Iterator[str]:
    """Changes that no deed of the log tells of, or tells otherwise; and what it tells of and is no longer there."""
    sql = TOLD_SQL.format(thing=model.thing, table=connection.ops.quote_name(model._meta.db_table))
    given: dict[str, Any] = {"school": school_id, "at_once": AT_ONCE, "thing": model.thing}
    with connection.cursor() as cursor:
        cursor.execute(sql, given | {"deed": model.deed, "told": model.told, "brought_by": model.brought_by})
        for thing, version, event_id, what in cursor.fetchall():
            change = "" if version is None else f", change {version}"
            yield f"{model.thing} {thing} of school {school_id}{change}: " + what.replace("%s", str(event_id))
