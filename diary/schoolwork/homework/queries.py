"""When homework is due (W2): derived from the lessons as they stand, never stored, so that it cannot go stale.

Due at the next held lesson of the course after the one it was given at; on the day that the teacher has chosen by hand;
a week later while no further lesson is laid out. A lesson that is moved, cancelled or added moves it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NamedTuple

from django.db import connection

from diary.schoolwork.homework.models import Homework

# For a statement with homework h of the school %(school)s: g is the lesson it was given at, `due` the one it is due at.
DUE_JOINS = """
JOIN timetable_lesson g ON g.school_id = %(school)s AND g.id = h.given_at_id
LEFT JOIN LATERAL (
 SELECT n.id, n.held_on FROM timetable_lesson n
 WHERE n.school_id = %(school)s AND n.course_id = h.course_id AND n.state = 'planned'
  AND (n.held_on, n.number) > (g.held_on, g.number) AND (h.chosen_on IS NULL OR n.held_on = h.chosen_on)
 ORDER BY n.held_on, n.number LIMIT 1
) due ON true
"""
DUE_ON = "coalesce(h.chosen_on, due.held_on, g.held_on + 7)"

DUE_SQL = f"""
SELECT {DUE_ON} FROM homework_homework h {DUE_JOINS} WHERE h.school_id = %(school)s AND h.id = %(homework)s
"""  # noqa: S608 (built of the constants above)

# From the lessons of the days to what was given for them: to look at all homework of a year would cost far more.
TASKS_SQL = """
WITH mine AS (
 SELECT c.id AS course_id, s.name AS subject, e.starts_on, e.until
 FROM roster_enrollment e
 JOIN roster_course c ON c.school_id = e.school_id AND c.group_id = e.group_id
 JOIN schools_subject s ON s.school_id = c.school_id AND s.id = c.subject_id
 WHERE e.school_id = %(school)s AND e.student_id = %(student)s
), given AS (
 SELECT h.id, l.id AS due_at_id, l.held_on AS due_on
 FROM (SELECT DISTINCT course_id FROM mine) m
 JOIN timetable_lesson l ON l.school_id = %(school)s AND l.course_id = m.course_id AND l.state = 'planned'
  AND (l.held_on = %(also_on)s::date OR (l.held_on >= %(first)s AND l.held_on < %(until)s))
 LEFT JOIN LATERAL (
  SELECT p.held_on, p.number FROM timetable_lesson p
  WHERE p.school_id = %(school)s AND p.course_id = m.course_id AND p.state = 'planned'
   AND (p.held_on, p.number) < (l.held_on, l.number)
  ORDER BY p.held_on DESC, p.number DESC LIMIT 1
 ) before ON true
 JOIN timetable_lesson g ON g.school_id = %(school)s AND g.course_id = m.course_id
  AND (g.held_on, g.number) < (l.held_on, l.number)
  AND (g.held_on, g.number) >= (coalesce(before.held_on, '-infinity'::date), coalesce(before.number, 0))
 JOIN homework_homework h ON h.school_id = %(school)s AND h.given_at_id = g.id AND h.chosen_on IS NULL
 UNION ALL
 SELECT h.id, (
  SELECT n.id FROM timetable_lesson n
  WHERE n.school_id = %(school)s AND n.course_id = h.course_id AND n.held_on = h.chosen_on AND n.state = 'planned'
  ORDER BY n.number LIMIT 1
 ), h.chosen_on
 FROM (SELECT DISTINCT course_id FROM mine) m
 JOIN homework_homework h ON h.school_id = %(school)s AND h.course_id = m.course_id
  AND (h.chosen_on = %(also_on)s::date OR (h.chosen_on >= %(first)s AND h.chosen_on < %(until)s))
 UNION ALL
 SELECT h.id, NULL, g.held_on + 7
 FROM (SELECT DISTINCT course_id FROM mine) m
 JOIN timetable_lesson g ON g.school_id = %(school)s AND g.course_id = m.course_id
  AND (g.held_on = %(also_on)s::date - 7 OR (g.held_on >= %(first)s::date - 7 AND g.held_on < %(until)s::date - 7))
 JOIN homework_homework h ON h.school_id = %(school)s AND h.given_at_id = g.id AND h.chosen_on IS NULL
 WHERE NOT EXISTS (
  SELECT 1 FROM timetable_lesson n
  WHERE n.school_id = %(school)s AND n.course_id = m.course_id AND n.state = 'planned'
   AND (n.held_on, n.number) > (g.held_on, g.number)
 )
)
SELECT DISTINCT h.id, h.course_id, given.due_at_id, given.due_on, h.text, h.minutes, t.id IS NOT NULL, mine.subject
FROM given
JOIN homework_homework h ON h.school_id = %(school)s AND h.id = given.id AND h.text <> ''
JOIN mine ON mine.course_id = h.course_id AND given.due_on >= mine.starts_on
 AND (mine.until IS NULL OR given.due_on < mine.until)
LEFT JOIN homework_homeworktick t
 ON t.school_id = %(school)s AND t.homework_id = h.id AND t.student_id = %(student)s
ORDER BY given.due_on, mine.subject, h.id
"""

LESSON_SQL = f"""
SELECT h.id, h.text, h.minutes, {DUE_ON}, h.given_at_id <> l.id, t.id IS NOT NULL
FROM timetable_lesson l
JOIN homework_homework h ON h.school_id = %(school)s AND h.course_id = l.course_id AND h.text <> '' {DUE_JOINS}
LEFT JOIN homework_homeworktick t
 ON t.school_id = %(school)s AND t.homework_id = h.id AND t.student_id = %(student)s
WHERE l.school_id = %(school)s AND l.id = %(lesson)s
 AND (h.given_at_id = l.id OR due.id = l.id OR (due.id IS NULL AND {DUE_ON} = l.held_on))
ORDER BY 4, h.id
"""  # noqa: S608 (built of the constants above)


class StudentTask(NamedTuple):
    """Homework of a student. `due_at_id` is the lesson it is due at; none on a chosen day without a lesson."""

    id: uuid.UUID
    course_id: uuid.UUID
    due_at_id: uuid.UUID | None
    due_on: dt.date
    text: str
    minutes: int
    is_done: bool
    subject: str


class TaskOfLesson(NamedTuple):
    """Homework to be handed in at a lesson (`is_due_here`), or given at it."""

    id: uuid.UUID
    text: str
    minutes: int
    due_on: dt.date
    is_due_here: bool
    is_done: bool


def student_tasks(
    *, school_id: int, student_id: uuid.UUID, first: dt.date, until: dt.date, also_on: dt.date | None
) -> list[StudentTask]:
    """What is due in [first, until) or on `also_on` in the groups the student is in on that day. One statement."""
    given = {"school": school_id, "student": student_id, "first": first, "until": until, "also_on": also_on}
    return [StudentTask._make(row) for row in _fetch(TASKS_SQL, given)]


def tasks_of_lesson(*, school_id: int, student_id: uuid.UUID, lesson_id: uuid.UUID) -> list[TaskOfLesson]:
    """What is to be handed in at the lesson, and what was given at it. One statement."""
    given = {"school": school_id, "student": student_id, "lesson": lesson_id}
    return [TaskOfLesson._make(row) for row in _fetch(LESSON_SQL, given)]


def due_on(homework: Homework) -> dt.date:
    """The day by which it is to be done, as the lessons stand now. One statement."""
    ((day,),) = _fetch(DUE_SQL, {"school": homework.school_id, "homework": homework.id})
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day))


def _fetch(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
