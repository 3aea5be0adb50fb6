"""Forgeries by somebody who has the owner's SQL and the formula of the hash: each is found and named (A3, M9).

The hashes have no key, so a forged row can be rightly hashed and rightly chained. What it cannot have is its place in
the order of the sealed log.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from importlib import import_module

import psycopg
import pytest
from django.apps import apps

from diary.foundation.access.scope import school_scope
from diary.foundation.audit.histories import histories
from diary.foundation.audit.sealing import seal_events
from diary.foundation.core import clock
from diary.foundation.core.models import AppendOnly
from diary.schoolwork.gradebook.models import MarkChange
from diary.schoolwork.gradebook.rules import change_hash
from tests.architecture.test_database_locks import copy, people, verify, whole  # noqa: F401 (fixtures)
from tests.committed import as_owner
from tests.people import NOW, Cast

EARLIER = NOW - dt.timedelta(days=3)
COLUMNS = [field.column for field in MarkChange._meta.concrete_fields]

NOT_TOLD = {
    "audit.AuditEvent": "the log itself: held by its seals",
    "audit.AuditSeal": "the seals themselves: chained",
    "door.SignInRecord": "what a person reads of the own sign-ins; the log has an event of each",
}


def test_every_table_that_may_only_grow_is_a_history_that_the_log_tells_of() -> None:
    """A new history that is not checked fails here: let it inherit from `audit.models.History`."""
    checked = {model._meta.label for model in histories()}
    growing = {model._meta.label for model in apps.get_models() if issubclass(model, AppendOnly)}
    assert growing - checked == set(NOT_TOLD)
    assert "gradebook.MarkChange" in checked


def last_change(cast: Cast) -> MarkChange:
    with school_scope([cast.school.id]):
        change: MarkChange = MarkChange.objects.get(school_id=cast.school.id, version=3)
    return change


def next_change(cast: Cast, **forged: object) -> MarkChange:
    """A fourth change of Маша's mark, chained and hashed as it should be."""
    last = last_change(cast)
    values = {name: getattr(last, name) for name in COLUMNS if name != "school_id"}
    values |= {"id": uuid.uuid4(), "version": 4, "old_value": last.value, "value": "5", "reason": "appeal"}
    change = MarkChange(school_id=last.school_id, **values | {"previous_hash": bytes(last.hash)} | forged)
    change.hash = change_hash(change)
    return change


def append(owner: psycopg.Connection, change: MarkChange) -> None:
    """Put the change into the history, and let the mark show it."""
    marks = ", ".join(["%s"] * len(COLUMNS))
    values = [getattr(change, name) for name in COLUMNS]
    owner.execute(f"INSERT INTO gradebook_markchange ({', '.join(COLUMNS)}) VALUES ({marks})", values)
    owner.execute(
        "UPDATE gradebook_mark SET version = %s, value = %s, weight = %s, kind_id = %s, comment = %s WHERE id = %s",
        [change.version, change.value, change.weight, change.kind_id, change.comment, change.mark_id],
    )


def tell(owner: psycopg.Connection, change: MarkChange, **forged: object) -> int:
    """Write an audit event of the change, as its deed would."""
    event = {
        "at": change.changed_at,
        "user_id": change.changed_by_id,
        "user_name": change.changed_by_name,
        "school_id": change.school_id,
        "action": MarkChange.deed,
        "object_type": "roster.course",
        "object_id": "",
        "details": json.dumps({"marks": [{"mark": str(change.mark_id), "hash": bytes(change.hash).hex()}]}),
    } | forged
    marks = ", ".join(["%s"] * len(event))
    row = owner.execute(
        f"INSERT INTO audit_auditevent ({', '.join(event)}) VALUES ({marks}) RETURNING id", list(event.values())
    ).fetchone()
    assert row is not None
    return int(row[0])


def queue(owner: psycopg.Connection, event_id: int) -> None:
    owner.execute("INSERT INTO audit_unsealedevent VALUES (%s)", [event_id])


def untold(owner: psycopg.Connection, cast: Cast) -> None:
    append(owner, next_change(cast))


def of_another_teacher_and_backdated(owner: psycopg.Connection, cast: Cast) -> None:
    append(owner, next_change(cast, changed_by_id=cast.users["boris"].id, changed_at=EARLIER))


def of_a_new_mark(owner: psycopg.Connection, cast: Cast) -> None:
    first = next_change(cast, mark_id=uuid.uuid4(), version=1, old_value="", previous_hash=bytes(32))
    marks = ", ".join(["%s"] * len(COLUMNS))
    values = [getattr(first, name) for name in COLUMNS]
    owner.execute(f"INSERT INTO gradebook_markchange ({', '.join(COLUMNS)}) VALUES ({marks})", values)


def rewritten(**forged: object) -> Callable[[psycopg.Connection, Cast], None]:
    """The last change with other content and a fresh hash; the mark follows it."""

    def plant(owner: psycopg.Connection, cast: Cast) -> None:
        change = last_change(cast)
        for name, value in forged.items():
            setattr(change, name, value)
        change.hash = change_hash(change)
        owner.execute("ALTER TABLE gradebook_mark DROP CONSTRAINT gradebook_mark_made_by_change")
        owner.execute("DELETE FROM gradebook_markchange WHERE id = %s", [change.id])
        append(owner, change)

    return plant


def told_but_not_queued(owner: psycopg.Connection, cast: Cast) -> None:
    append(owner, change := next_change(cast, changed_at=clock.now()))
    tell(owner, change)


def told_under_another_name(owner: psycopg.Connection, cast: Cast) -> None:
    append(owner, change := next_change(cast, changed_by_id=cast.users["boris"].id, changed_by_name="Борис"))
    queue(owner, tell(owner, change, user_id=cast.users["anna"].id, user_name="Соколова Анна Петровна"))


def told_later_than_dated(owner: psycopg.Connection, cast: Cast) -> None:
    append(owner, change := next_change(cast, changed_at=EARLIER))
    queue(owner, tell(owner, change, at=NOW))


def told_and_backdated(owner: psycopg.Connection, cast: Cast) -> None:
    append(owner, change := next_change(cast, changed_at=EARLIER))
    queue(owner, tell(owner, change))


def told_backdated_under_an_early_number(owner: psycopg.Connection, cast: Cast) -> None:
    """The number of the event fits its time; its seal does not."""
    append(owner, change := next_change(cast, changed_at=EARLIER))
    queue(owner, tell(owner, change, id=0))


def told_twice(owner: psycopg.Connection, cast: Cast) -> None:
    queue(owner, tell(owner, last_change(cast), at=NOW))


def told_of_nothing(owner: psycopg.Connection, cast: Cast) -> None:
    queue(owner, tell(owner, next_change(cast)))


def passed_off_as_brought_in(owner: psycopg.Connection, cast: Cast) -> None:
    append(owner, change := next_change(cast, changed_at=EARLIER))
    queue(owner, tell(owner, change, at=NOW, action=MarkChange.brought_by, user_id=0, user_name="Система"))


CHANGE_4 = r"mark \S+ of school \d+, change 4: "
FORGERIES: dict[str, tuple[Callable[[psycopg.Connection, Cast], None], str]] = {
    "change without an event": (untold, CHANGE_4 + "told of by no audit event"),
    "another teacher's, backdated": (of_another_teacher_and_backdated, CHANGE_4 + "told of by no audit event"),
    "first change of a new mark": (of_a_new_mark, r"change 1: told of by no audit event"),
    "weight rewritten": (
        rewritten(weight=9),
        r"(?s)change 3: told of by no.*told by audit event \d+ is gone or differs",
    ),
    "kind rewritten": (rewritten(kind_name="Проект"), r"(?s)change 3: told of by no.*is gone or differs"),
    "comment rewritten": (rewritten(comment="Списал"), r"(?s)change 3: told of by no.*is gone or differs"),
    "reason rewritten": (rewritten(reason="mistake"), r"(?s)change 3: told of by no.*is gone or differs"),
    "event outside queue and seals": (told_but_not_queued, r"audit event \d+: stands outside the queue"),
    "event of another author": (told_under_another_name, CHANGE_4 + r"its author is not the one of audit event \d+"),
    "event of another time": (told_later_than_dated, CHANGE_4 + r"its time is not the one of audit event \d+"),
    "event backdated": (told_and_backdated, r"audit event \d+: dated 11.10.2026 .*, but earlier numbers are later"),
    "event backdated and numbered so": (
        told_backdated_under_an_early_number,
        r"audit event 0: dated 11.10.2026 .*, but later ones were sealed before it",
    ),
    "change told twice": (told_twice, r"change 3: told of once more by audit event \d+"),
    "event of no change": (told_of_nothing, r"mark \S+ of school \d+: the change told by audit event \d+ is gone"),
    "change passed off as brought in": (
        passed_off_as_brought_in,
        CHANGE_4 + r"brought in by audit event \d+, after the school had changes of its own",
    ),
}


@pytest.mark.parametrize("is_sealed", [False, True], ids=["waiting", "sealed"])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_forgery_is_found_and_named(copy: str, people: Cast, forgery: str, is_sealed: bool) -> None:  # noqa: F811
    """Also once the honest sealer has sealed what was slipped into its queue."""
    plant, sentence = FORGERIES[forgery]
    with clock.fixed(NOW), as_owner(copy) as owner:
        plant(owner, people)
    with clock.fixed(NOW):
        while is_sealed and seal_events():
            pass
    code, words = verify()
    assert code == 1
    assert re.search(sentence, words), words


def test_history_older_than_the_proof_is_told_of_once_and_stays_whole(copy: str, people: Cast) -> None:  # noqa: F811
    """Rows of a demo or an import, written before the log told of every change: the migration tells of them."""
    older = next_change(people, mark_id=uuid.uuid4(), version=1, content_version=1, previous_hash=bytes(32))
    migration = import_module("diary.schoolwork.gradebook.migrations.0003_tell_older_changes")
    with as_owner(copy) as owner:
        owner.execute("UPDATE gradebook_markchange SET content_version = 1")  # nobody has a proof yet
        values = [getattr(older, name) for name in COLUMNS]
        marks = ", ".join(["%s"] * len(COLUMNS))
        owner.execute(f"INSERT INTO gradebook_markchange ({', '.join(COLUMNS)}) VALUES ({marks})", values)
        first, second = (owner.execute(migration.TELL_SQL).rowcount for _ in range(2))
    assert (first, second) == (1, 0)
    assert "told of by no" not in verify()[1]
    assert "brought in" not in verify()[1]
