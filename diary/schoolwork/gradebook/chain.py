"""The check of the marks' history: is every change still what was written, and does it follow the one before? (M9)"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from diary.foundation.access.scope import current_scope, school_scope
from diary.people.schools.models import School
from diary.schoolwork.gradebook.models import MarkChange
from diary.schoolwork.gradebook.rules import FIRST_PREVIOUS, change_hash

# the end of a chain is held by nothing in the chain; the sealed audit events know that there was more
LOST_SQL = """
SELECT told ->> 'mark', event.id
FROM audit_auditevent event CROSS JOIN jsonb_array_elements(event.details -> 'marks') told
WHERE event.school_id = %s AND event.action = 'gradebook.set_marks' AND NOT EXISTS (
 SELECT 1 FROM gradebook_markchange change
 WHERE change.school_id = event.school_id AND change.mark_id = (told ->> 'mark')::uuid
  AND change.hash = decode(told ->> 'hash', 'hex')
)
ORDER BY event.id LIMIT 100
"""


def verify_marks() -> Iterator[str]:
    """Every school's history, one sentence for each break. Set up as an audit chain in apps.py."""
    for school_id in School.objects.order_by("id").values_list("id", flat=True):
        with school_scope([school_id]):
            yield from broken_changes()
            yield from lost_changes(school_id)
            yield from forged_marks(school_id)


def broken_changes() -> Iterator[str]:
    """Breaks in the history of the schools in scope: changed content, a missing link, a wrong link."""
    mark_id, version, previous = None, 0, FIRST_PREVIOUS
    rows = MarkChange.objects.filter(school_id__in=current_scope()).order_by("school_id", "mark_id", "version")
    for change in rows.iterator(chunk_size=5000):
        if change.mark_id != mark_id:
            mark_id, version, previous = change.mark_id, 0, FIRST_PREVIOUS
        name = f"mark {change.mark_id} of school {change.school_id}, change {change.version}"
        if change.version != version + 1:
            yield f"{name}: the change before it is missing"
        elif bytes(change.previous_hash) != previous:
            yield f"{name}: does not follow the change before it"
        if change_hash(change) != bytes(change.hash):
            yield f"{name}: changed after it was written"
        version, previous = change.version, bytes(change.hash)


def lost_changes(school_id: int) -> Iterator[str]:
    """Changes that the sealed log tells of and the history no longer holds: cut off at its end, or written anew."""
    with connection.cursor() as cursor:
        cursor.execute(LOST_SQL, [school_id])
        for mark_id, event_id in cursor.fetchall():
            yield f"mark {mark_id} of school {school_id}: the change told by audit event {event_id} is gone"


FORGED_SQL = """
SELECT m.id, 'shows what no recorded change says'
FROM gradebook_mark m JOIN gradebook_markchange c
 ON c.school_id = m.school_id AND c.mark_id = m.id AND c.version = m.version
WHERE m.school_id = %(school)s AND (m.value, m.weight, m.kind_id, m.comment, m.lesson_id, m.student_id)
 IS DISTINCT FROM (c.value, c.weight, c.kind_id, c.comment, c.lesson_id, c.student_id)
UNION ALL
SELECT m.id, 'shows an older change than its last' FROM gradebook_mark m JOIN gradebook_markchange c
 ON c.school_id = m.school_id AND c.mark_id = m.id AND c.version = m.version + 1
WHERE m.school_id = %(school)s
UNION ALL
SELECT c.mark_id, 'removed; its history is still there' FROM gradebook_markchange c
WHERE c.school_id = %(school)s AND c.version = 1
 AND NOT EXISTS (SELECT 1 FROM gradebook_mark m WHERE m.school_id = c.school_id AND m.id = c.mark_id)
LIMIT 100
"""


def forged_marks(school_id: int) -> Iterator[str]:
    """Marks that do not show what their last change says, and changes whose mark is gone."""
    with connection.cursor() as cursor:
        cursor.execute(FORGED_SQL, {"school": school_id})
        for mark_id, what in cursor.fetchall():
            yield f"mark {mark_id} of school {school_id}: {what}"
