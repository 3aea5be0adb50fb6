"""Who was in the group of a course on which days."""

from __future__ import annotations

import datetime as dt
import itertools
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection

from diary.foundation.core.text import name_key
from diary.people.roster.models import Course
from diary.people.roster.rules.namesakes import told_apart
from diary.schoolwork.gradebook.queries import Span

STUDENTS_SQL = """
SELECT s.id::text, s.last_name, s.first_name, s.middle_name, s.birth_date, e.starts_on, e.until
FROM roster_enrollment e JOIN roster_student s ON s.school_id = e.school_id AND s.id = e.student_id
WHERE e.school_id = %(school)s AND e.group_id = %(group)s AND e.starts_on < %(until)s
 AND (e.until IS NULL OR e.until > %(first)s)
ORDER BY s.id, e.starts_on
"""


class _Member(NamedTuple):
    """One stay of a student in the group."""

    id: str
    last_name: str
    first_name: str
    middle_name: str
    birth_date: dt.date | None
    starts_on: dt.date
    until: dt.date | None


def students_of_days(course: Course, first: dt.date, until: dt.date) -> list[tuple[str, str, tuple[Span, ...]]]:
    """Students who were in the group on some day of [first, until), by name: id, name, days of their membership.

    One statement.
    """
    given: dict[str, Any] = {"school": course.school_id, "group": course.group_id}
    with connection.cursor() as cursor:
        cursor.execute(STUDENTS_SQL, given | {"first": first, "until": until})
        rows = [_Member._make(row) for row in cursor.fetchall()]
    stays = {student_id: list(found) for student_id, found in itertools.groupby(rows, attrgetter("id"))}
    names = told_apart([found[0] for found in stays.values()])
    students = [
        (student_id, name, tuple((stay.starts_on, stay.until) for stay in found))
        for (student_id, found), name in zip(stays.items(), names, strict=True)
    ]
    return sorted(students, key=lambda student: name_key(student[1]))
