"""Read models of the journal: what stands in the cells of a course."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
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

Place = tuple[uuid.UUID, uuid.UUID]  # (lesson, student)


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


class GridRow(NamedTuple):
    """A mark, or with `place` 0 an attendance sign, as the grid shows it. Ids are texts: the page only writes them."""

    student_id: str
    lesson_id: str
    place: int
    value: str
    weight: Decimal
    version: int
    has_comment: bool


GRID_SQL = """
SELECT student_id::text, lesson_id::text, place, value, weight, version, comment <> '' FROM gradebook_mark
WHERE school_id = %(school)s AND course_id = %(course)s AND held_on >= %(first)s AND held_on < %(until)s
UNION ALL
SELECT s.student_id::text, s.lesson_id::text, 0, s.sign, 0, s.version, false
FROM timetable_lesson l JOIN attendance_attendancesign s ON s.school_id = l.school_id AND s.lesson_id = l.id
WHERE l.school_id = %(school)s AND l.course_id = %(course)s AND l.held_on >= %(first)s AND l.held_on < %(until)s
"""


def course_grid(
    *, school_id: int, course_id: uuid.UUID, first: dt.date, until: dt.date
) -> dict[str, dict[str, list[GridRow]]]:
    """What stands in the grid of a course with lessons in [first, until): rows by student and lesson. One statement.

    The same as `course_cells` for the eye, at a third of the price; 900 cells are the heaviest page of the product.
    """
    given: dict[str, Any] = {"school": school_id, "course": course_id, "first": first, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(GRID_SQL, given)
        rows = cursor.fetchall()
    grid: dict[str, dict[str, list[GridRow]]] = defaultdict(dict)
    for raw in rows:
        cells = grid[raw[0]]
        if raw[1] in cells:
            cells[raw[1]].append(GridRow._make(raw))
        else:
            cells[raw[1]] = [GridRow._make(raw)]
    return grid


def row_sums(cells: dict[Place, Cell]) -> dict[uuid.UUID, RowSum]:
    """Weighted average and proposed final of each student who has a cell (M14)."""
    by_student: dict[uuid.UUID, list[Weighted]] = {}
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
