"""Writing the audit log: one row for each note of a deed, queued for sealing in the same statement (S3)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from diary.foundation.core import clock


class Who(Protocol):
    """The part of an actor that the log keeps."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def ip(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class AuditNote:
    """What the body of a deed adds to its audit row. `subject` replaces the deed's own when given."""

    details: dict[str, Any] = field(default_factory=dict)
    subject: Any = None


_notes: ContextVar[list[AuditNote] | None] = ContextVar("audit_notes", default=None)


@contextmanager
def collect_notes() -> Iterator[list[AuditNote]]:
    """Gather the notes that the body of a deed makes."""
    gathered: list[AuditNote] = []
    token = _notes.set(gathered)
    try:
        yield gathered
    finally:
        _notes.reset(token)


def note(subject: Any = None, **details: Any) -> None:
    """Say, inside a deed, what exactly was done. Without a note the bare deed is recorded."""
    notes = _notes.get()
    if notes is None:
        raise RuntimeError("audit.note() outside an @action")
    notes.append(AuditNote(details, subject))


def write_audit(actor: Who, action: str, subject: Any, notes: Sequence[AuditNote]) -> None:
    """Append rows and queue them for the sealer: one statement, whatever the number of notes."""
    at = clock.now()
    rows = [
        (at, actor.user_id, actor.name, *_place(entry.subject or subject, action), actor.ip, _json(entry.details))
        for entry in notes
    ]
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s::inet, %s::jsonb)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH written AS (INSERT INTO audit_auditevent"  # noqa: S608 (built of constants; values are bound)
            " (at, user_id, user_name, school_id, action, object_type, object_id, ip, details)"
            f" VALUES {marks} RETURNING id) INSERT INTO audit_unsealedevent (event_id) SELECT id FROM written",
            [value for row in rows for value in row],
        )


def _place(subject: Any, action: str) -> tuple[int | None, str, str, str]:
    if subject is None:
        return None, action, "", ""
    key = getattr(subject, "id", subject.pk)
    school_id = getattr(subject, "school_id", key if subject._meta.label == "schools.School" else None)
    return school_id, action, subject._meta.label_lower, str(key)


def _json(details: dict[str, Any]) -> str:
    return json.dumps(details, ensure_ascii=False, cls=DjangoJSONEncoder)
