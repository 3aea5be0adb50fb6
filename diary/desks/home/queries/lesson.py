"""The card of one lesson as the family sees it: never the teacher's private note."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diary.desks.home.queries.family import Child
from diary.desks.home.queries.reading import fetch
from diary.desks.home.queries.week import ShownMark
from diary.desks.home.rules import plain
from diary.foundation.core.text import full_name
from diary.schoolwork.gradebook.jobs import MARK_CHANGED
from diary.schoolwork.gradebook.models import MarkChange
from diary.schoolwork.homework.queries import tasks_of_lesson
from diary.schoolwork.timetable.queries import IS_REPLACED


@dataclass(frozen=True, slots=True)
class LessonTask:
    """Homework of the lesson: to be handed in at it (`is_due_here`) or given at it."""

    id: uuid.UUID
    text: str
    minutes: int
    due_on: dt.date
    is_due_here: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class MarkHistory:
    """A mark and every change of it, oldest first. An emptied mark has the value ''."""

    mark: ShownMark
    changes: tuple[MarkChange, ...]


@dataclass(frozen=True, slots=True)
class LessonCard:
    """The whole page."""

    id: uuid.UUID
    held_on: dt.date
    number: int
    starts_at: dt.time
    ends_at: dt.time
    is_cancelled: bool
    subject: str
    group: str
    room: str
    teacher: str
    post: str
    is_replaced: bool
    topic: str
    work: str
    sign: str
    tasks: tuple[LessonTask, ...]
    marks: tuple[MarkHistory, ...]


CARD_SQL = f"""
SELECT l.id, l.held_on, l.number, l.starts_at, l.ends_at, l.state = 'cancelled', s.name, g.name, coalesce(r.name, ''),
 t.last_name, t.first_name, t.middle_name, t.post, {IS_REPLACED}, coalesce(p.topic, ''),
 coalesce(k.name, ''), coalesce(a.sign, '')
FROM timetable_lesson l
JOIN roster_course c ON c.school_id = l.school_id AND c.id = l.course_id
JOIN schools_subject s ON s.school_id = c.school_id AND s.id = c.subject_id
JOIN roster_group g ON g.school_id = c.school_id AND g.id = c.group_id
JOIN roster_staff t ON t.school_id = l.school_id AND t.id = l.teacher_id
LEFT JOIN schools_room r ON r.school_id = l.school_id AND r.id = l.room_id
LEFT JOIN planner_lessontopic p ON p.school_id = l.school_id AND p.lesson_id = l.id
LEFT JOIN gradebook_lessonwork w ON w.school_id = l.school_id AND w.lesson_id = l.id
LEFT JOIN gradebook_workkind k ON k.school_id = w.school_id AND k.id = w.kind_id
LEFT JOIN attendance_attendancesign a
 ON a.school_id = l.school_id AND a.lesson_id = l.id AND a.student_id = %(student)s
WHERE l.school_id = %(school)s AND l.id = %(lesson)s AND (
 EXISTS (
  SELECT 1 FROM roster_enrollment e
  WHERE e.school_id = c.school_id AND e.group_id = c.group_id AND e.student_id = %(student)s
   AND e.starts_on <= l.held_on AND (e.until IS NULL OR e.until > l.held_on)
 ) OR EXISTS (
  SELECT 1 FROM gradebook_mark m
  WHERE m.school_id = l.school_id AND m.lesson_id = l.id AND m.student_id = %(student)s
 )
)
"""  # noqa: S608 (built of constants)
MARKS_SQL = """
SELECT m.id, m.value, m.weight, k.name, m.comment, (
 SELECT n.about_id::text FROM notifications_notification n
 WHERE n.school_id = m.school_id AND n.user_id = %(user)s AND n.about_id = m.id AND n.kind = %(kind)s
  AND n.seen_at IS NULL LIMIT 1
)
FROM gradebook_mark m JOIN gradebook_workkind k ON k.school_id = m.school_id AND k.id = m.kind_id
WHERE m.school_id = %(school)s AND m.lesson_id = %(lesson)s AND m.student_id = %(student)s
ORDER BY m.place
"""


def lesson_card(child: Child, *, reader_id: int | None, lesson_id: uuid.UUID) -> LessonCard | None:
    """A lesson of a group the student was in that day (or has a mark of); None for any other. Four statements."""
    given = {"school": child.school_id, "student": child.id, "lesson": lesson_id}
    found = fetch(CARD_SQL, **given)
    if not found:
        return None
    last, first, middle = found[0][9:12]
    tasks = tuple(
        LessonTask(*row) for row in tasks_of_lesson(school_id=child.school_id, student_id=child.id, lesson_id=lesson_id)
    )
    marks = _histories(child, lesson_id, fetch(MARKS_SQL, **given, user=reader_id, kind=MARK_CHANGED))
    values = [*found[0][:9], full_name(last, first, middle), *found[0][12:], tasks, marks]
    return LessonCard(*values)


def _histories(child: Child, lesson_id: uuid.UUID, rows: Sequence[tuple[Any, ...]]) -> tuple[MarkHistory, ...]:
    changes: dict[uuid.UUID, list[MarkChange]] = defaultdict(list)
    recorded = MarkChange.objects.filter(school_id=child.school_id, student_id=child.id, lesson_id=lesson_id)
    for change in recorded.order_by("changed_at", "version"):
        changes[change.mark_id].append(change)
    return tuple(
        MarkHistory(ShownMark(value, plain(weight), *words), tuple(changes[mark_id]))
        for mark_id, value, weight, *words in rows
    )
