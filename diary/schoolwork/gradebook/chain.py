"""Does every mark show what its last change says? The changes themselves are checked as every history is (M9)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from diary.foundation.access.scope import school_scope
from diary.people.schools.models import School


def verify_marks() -> Iterator[str]:
    """Every school's marks, one sentence for each break. Set up as an audit chain in apps.py."""
    for school_id in School.objects.order_by("id").values_list("id", flat=True):
        with school_scope([school_id]):
            yield from forged_marks(school_id)


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
