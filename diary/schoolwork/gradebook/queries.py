"""Read models of the journal: what stands in the cells of a course."""

from __future__ import annotations

import datetime as dt
import functools
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from diary.schoolwork.gradebook.models import Mark
from diary.schoolwork.gradebook.rules import (
    CellContent,
    HasWeight,
    Weighted,
    proposed_final,
    shown_average,
    weighted_average,
)
from diary.schoolwork.timetable.models import Lesson

Place = tuple[uuid.UUID, uuid.UUID]  # (lesson, student)
Span = tuple[dt.date, dt.date | None]  # first day, first day no more


class MarkRow(NamedTuple):
    """A mark as the database has it; `place` 0 is an attendance sign, whose weight and kind are empty."""

    lesson_id: uuid.UUID
    student_id: uuid.UUID
    place: int
    value: str
    weight: Decimal | None
    version: int
    id: uuid.UUID
    kind_id: uuid.UUID | None
    comment: str


@dataclass(slots=True)
class Cell:
    """One cell: its rows by place."""

    marks: dict[int, MarkRow] = field(default_factory=dict)
    sign: MarkRow | None = None

    @property
    def version(self) -> int:
        """Grows with every change of anything in the cell; 0 when nothing ever stood here."""
        return sum(row.version for row in self.marks.values()) + (self.sign.version if self.sign else 0)

    @property
    def content(self) -> CellContent:
        """Marks in the order of places, and the sign."""
        places = range(1, max(self.marks, default=0) + 1)
        values = tuple(self.marks[place].value if place in self.marks else "" for place in places)
        return CellContent(values, self.sign.value if self.sign else "")

    @property
    def text(self) -> str:
        """What the journal shows."""
        return self.content.text


@dataclass(frozen=True, slots=True)
class RowSum:
    """The right side of a student's row."""

    average: str
    proposed: str


CELLS_SQL = """
SELECT lesson_id, student_id, place, value, weight, version, id, kind_id, comment FROM gradebook_mark
WHERE school_id = %(school)s AND course_id = %(course)s AND held_on >= %(first)s AND held_on < %(until)s {students}
UNION ALL
SELECT s.lesson_id, s.student_id, 0, s.sign, NULL, s.version, s.id, NULL, ''
FROM timetable_lesson l JOIN attendance_attendancesign s ON s.school_id = l.school_id AND s.lesson_id = l.id
WHERE l.school_id = %(school)s AND l.course_id = %(course)s AND l.held_on >= %(first)s AND l.held_on < %(until)s
{students_of_signs}
"""


def course_cells(
    *,
    school_id: int,
    course_id: uuid.UUID,
    first: dt.date,
    until: dt.date,
    student_ids: Collection[uuid.UUID] | None = None,
) -> dict[Place, Cell]:
    """Cells of a course with lessons in [first, until), for these students or for all. One statement."""
    narrowed = student_ids is not None
    sql = CELLS_SQL.format(
        students="AND student_id = ANY(%(students)s)" if narrowed else "",
        students_of_signs="AND s.student_id = ANY(%(students)s)" if narrowed else "",
    )
    given: dict[str, Any] = {"school": school_id, "course": course_id, "first": first, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(sql, given | {"students": list(student_ids or ())})
        rows = cursor.fetchall()
    cells: dict[Place, Cell] = {}
    for raw in rows:
        row = MarkRow._make(raw)
        cell = cells.setdefault((row.lesson_id, row.student_id), Cell())
        if row.place:
            cell.marks[row.place] = row
        else:
            cell.sign = row
    return cells


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson with its period and the kind and weight that its new marks take."""

    id: uuid.UUID
    held_on: dt.date
    is_cancelled: bool
    kind_id: uuid.UUID
    kind_name: str
    kind_weight: Decimal
    period_id: uuid.UUID
    period: str
    starts_on: dt.date
    ends_until: dt.date
    closed_at: dt.datetime | None


LESSONS_SQL = """
SELECT l.id, l.held_on, l.state = %(cancelled)s, coalesce(k.id, usual.id), coalesce(k.name, usual.name),
 coalesce(k.weight, usual.weight), p.id, p.name, p.starts_on, p.ends_until, p.closed_at
FROM timetable_lesson l
JOIN schools_gradingperiod p ON p.school_id = l.school_id AND p.id = l.period_id
LEFT JOIN gradebook_lessonwork w ON w.school_id = l.school_id AND w.lesson_id = l.id
LEFT JOIN gradebook_workkind k ON k.school_id = w.school_id AND k.id = w.kind_id
LEFT JOIN (
 SELECT id, name, weight FROM gradebook_workkind WHERE school_id = %(school)s ORDER BY position, id LIMIT 1
) usual ON true
WHERE l.school_id = %(school)s AND l.course_id = %(course)s AND l.id = ANY(%(lessons)s)
"""


LOCK_SQL = """
SELECT id FROM timetable_lesson WHERE school_id = %(school)s AND course_id = %(course)s AND id = ANY(%(lessons)s)
ORDER BY id FOR NO KEY UPDATE
"""


def open_lessons(
    *, school_id: int, course_id: uuid.UUID, lesson_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, OpenLesson]:
    """These lessons of the course as they stand now. One statement."""
    return _lessons(LESSONS_SQL, school_id, course_id, lesson_ids)


def lock_lessons(
    *, school_id: int, course_id: uuid.UUID, lesson_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, OpenLesson]:
    """The same, kept from other writers until the transaction ends; their periods are kept from being closed.

    Two statements: one that waits for a lock still sees all rows but the locked as they were when it began, so what
    decides is read after it (A6). Whoever closes a period updates its row and locks no lesson after that.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SQL, {"school": school_id, "course": course_id, "lessons": list(lesson_ids)})
    return _lessons(f"{LESSONS_SQL} FOR SHARE OF p", school_id, course_id, lesson_ids)


def _lessons(
    sql: str, school_id: int, course_id: uuid.UUID, lesson_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, OpenLesson]:
    given: dict[str, Any] = {"school": school_id, "course": course_id, "lessons": list(lesson_ids)}
    with connection.cursor() as cursor:
        cursor.execute(sql, given | {"cancelled": Lesson.State.CANCELLED.value})
        return {row[0]: OpenLesson(*row) for row in cursor.fetchall()}


MEMBERSHIP_SQL = """
SELECT student_id, starts_on, until FROM roster_enrollment
WHERE school_id = %s AND group_id = %s AND student_id = ANY(%s) ORDER BY starts_on
"""


def membership(
    *, school_id: int, group_id: uuid.UUID, student_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Span]]:
    """From when until when (exclusive) each of the students was in the group. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERSHIP_SQL, [school_id, group_id, list(student_ids)])
        rows = cursor.fetchall()
    spans: dict[uuid.UUID, list[Span]] = defaultdict(list)
    for student_id, starts_on, until in rows:
        spans[student_id].append((starts_on, until))
    return spans


class GridRow(NamedTuple):
    """A mark, or with `place` 0 an attendance sign, as the grid shows it. Ids are texts: the page only writes them."""

    student_id: str
    lesson_id: str
    place: int
    value: str
    weight: Decimal
    version: int
    has_comment: bool


# one JSON text instead of 700 rows: reading them costs less than taking them over from the driver
GRID_SQL = """
SELECT coalesce(json_agg(json_build_array(
 g.student_id, g.lesson_id, g.place, g.value, g.weight::text, g.version, g.comment <> ''
)), '[]')::text FROM (
 SELECT student_id, lesson_id, place, value, weight, version, comment FROM gradebook_mark
 WHERE school_id = %(school)s AND course_id = %(course)s AND held_on >= %(first)s AND held_on < %(until)s
 UNION ALL
 SELECT s.student_id, s.lesson_id, 0, s.sign, 0, s.version, ''
 FROM timetable_lesson l JOIN attendance_attendancesign s ON s.school_id = l.school_id AND s.lesson_id = l.id
 WHERE l.school_id = %(school)s AND l.course_id = %(course)s AND l.held_on >= %(first)s AND l.held_on < %(until)s
) g
"""


def course_grid(*, school_id: int, course_id: uuid.UUID, first: dt.date, until: dt.date) -> str:
    """What stands in the grid of a course with lessons in [first, until), for `read_grid`. One statement.

    The same as `course_cells` for the eye, at a third of the price; 900 cells are the heaviest page of the product.
    """
    given: dict[str, Any] = {"school": school_id, "course": course_id, "first": first, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(GRID_SQL, given)
        return str(cursor.fetchone()[0])


def read_grid(grid: str) -> dict[str, dict[str, list[GridRow]]]:
    """The rows of a grid by student and lesson."""
    found: dict[str, dict[str, list[GridRow]]] = defaultdict(dict)
    for student_id, lesson_id, place, value, weight, version, has_comment in json.loads(grid):
        row = GridRow(student_id, lesson_id, place, value, _weight(weight), version, has_comment)
        found[student_id].setdefault(lesson_id, []).append(row)
    return found


_weight = functools.lru_cache(100)(Decimal)


class BroughtMark(NamedTuple):
    """A mark of the same subject and period from another journal: of the class or subgroup one comes from (F6)."""

    student_id: uuid.UUID
    held_on: dt.date
    value: str
    weight: Decimal
    kind: str
    group: str


BROUGHT_SQL = """
SELECT m.student_id, m.held_on, m.value, m.weight, k.name, g.name
FROM gradebook_mark m
JOIN roster_course c ON c.school_id = m.school_id AND c.id = m.course_id
JOIN roster_course own ON own.school_id = c.school_id AND own.subject_id = c.subject_id
JOIN roster_group g ON g.school_id = c.school_id AND g.id = c.group_id
JOIN gradebook_workkind k ON k.school_id = m.school_id AND k.id = m.kind_id
WHERE m.school_id = %(school)s AND own.school_id = %(school)s AND own.id = %(course)s
 AND m.course_id <> %(course)s AND m.student_id = ANY(%(students)s) AND m.value <> ''
 AND m.held_on >= %(first)s AND m.held_on < %(until)s
ORDER BY m.held_on, m.lesson_id, m.place
"""


def brought_marks(
    *, school_id: int, course_id: uuid.UUID, student_ids: Collection[uuid.UUID], first: dt.date, until: dt.date
) -> dict[uuid.UUID, tuple[BroughtMark, ...]]:
    """Marks of these students in [first, until) in other courses of the same subject, oldest first. One statement.

    They count: a student has one average of a subject in a period, whatever journals its marks stand in (F6).
    """
    given: dict[str, Any] = {"school": school_id, "course": course_id, "students": list(student_ids)}
    with connection.cursor() as cursor:
        cursor.execute(BROUGHT_SQL, given | {"first": first, "until": until})
        rows = [BroughtMark._make(row) for row in cursor.fetchall()]
    found: dict[uuid.UUID, list[BroughtMark]] = defaultdict(list)
    for row in rows:
        found[row.student_id].append(row)
    return {student_id: tuple(marks) for student_id, marks in found.items()}


Brought = Mapping[uuid.UUID, tuple[BroughtMark, ...]]


def row_sums(cells: Mapping[Place, Cell], brought: Brought) -> dict[uuid.UUID, RowSum]:
    """Weighted average and proposed final of each student who has a cell or has brought a mark along (M14, F6)."""
    by_student: dict[uuid.UUID, list[HasWeight]] = {student_id: list(marks) for student_id, marks in brought.items()}
    for (_lesson, student_id), cell in cells.items():
        by_student.setdefault(student_id, []).extend(weighted(cell.marks.values()))
    return {student_id: row_sum(marks) for student_id, marks in by_student.items()}


def row_sum(marks: Iterable[HasWeight]) -> RowSum:
    """Average and proposed final of these marks."""
    average = weighted_average(marks)
    return RowSum(shown_average(average), proposed_final(average))


def mark_row(mark: Mark) -> MarkRow:
    """A mark just read or written, as the journal's cells hold it."""
    return MarkRow(
        mark.lesson_id,
        mark.student_id,
        mark.place,
        mark.value,
        mark.weight,
        mark.version,
        mark.id,
        mark.kind_id,
        mark.comment,
    )


def weighted(rows: Iterable[MarkRow]) -> list[Weighted]:
    """The marks of rows, for the formulas."""
    return [Weighted(row.value, row.weight) for row in rows if row.weight is not None]
