"""What the teacher's pages show: the list of journals, and one page of a journal."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from diary.foundation.access.actor import Actor
from diary.foundation.core.text import full_name, name_key
from diary.people.roster.models import Course, Enrollment
from diary.people.schools.models import GradingPeriod
from diary.schoolwork.gradebook.models import LessonWork, WorkKind
from diary.schoolwork.gradebook.queries import Cell, Place, RowSum, course_cells, row_sums
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.timetable.models import Lesson


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A journal in the list."""

    id: uuid.UUID
    subject: str
    group: str
    teacher: str
    school: str


@dataclass(frozen=True, slots=True)
class LessonColumn:
    """A lesson as the head of a column."""

    id: uuid.UUID
    held_on: dt.date
    number: int
    kind_id: uuid.UUID
    kind: str
    kind_short: str
    weight: Decimal
    topic: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as the template writes it: everything is ready, the template decides nothing."""

    text: str
    version: int
    css: str
    weights: str
    is_readonly: bool


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student's row."""

    id: uuid.UUID
    name: str
    cells: tuple[GridCell, ...]
    sum: RowSum


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of the journal: a course in a grading period."""

    lessons: tuple[LessonColumn, ...]
    rows: tuple[StudentRow, ...]


NO_SUM = RowSum("", "")


def course_list(actor: Actor) -> list[CourseLine]:
    """Journals that the actor may open, by subject and class. One statement."""
    rows = (
        Course.objects.visible_to(actor)
        .select_related("subject", "group", "teacher", "school")
        .order_by("school_id", "subject__name", "group__parallel", "group__name", "id")
    )
    return [
        CourseLine(row.id, row.subject.name, row.group.name, row.teacher.short_name, row.school.short_name)
        for row in rows
    ]


def periods_of(course: Course) -> list[GradingPeriod]:
    """Grading periods of the course's parallel, in order."""
    return list(
        GradingPeriod.objects.filter(
            school_id=course.school_id, year_id=course.year_id, parallel=course.group.parallel
        ).order_by("number")
    )


def current_period(periods: Sequence[GradingPeriod], today: dt.date) -> GradingPeriod | None:
    """The period of today; in a vacation the one before it; before the year the first."""
    started = [period for period in periods if period.starts_on <= today]
    return started[-1] if started else (periods[0] if periods else None)


def journal_page(course: Course, period: GradingPeriod) -> JournalPage:
    """Lessons, students and cells of a course in a period. Three statements, whatever the number of rows."""
    lessons = lesson_columns(course, period)
    cells = period_cells(course, period)
    sums = row_sums(cells)
    rows = tuple(
        StudentRow(
            id=student_id,
            name=name,
            cells=tuple(_grid_cell(cells.get((lesson.id, student_id)), lesson, spans) for lesson in lessons),
            sum=sums.get(student_id, NO_SUM),
        )
        for student_id, name, spans in _students(course, period)
    )
    return JournalPage(lessons, rows)


def lesson_columns(course: Course, period: GradingPeriod) -> tuple[LessonColumn, ...]:
    """Lessons of the period with the kind of work that their marks take. One statement."""
    kinds = WorkKind.objects.filter(school_id=course.school_id).order_by("position", "id")
    works = LessonWork.objects.filter(school_id=course.school_id, lesson_id=OuterRef("id"))
    topics = LessonTopic.objects.filter(school_id=course.school_id, lesson_id=OuterRef("id"))

    def kind_field(name: str) -> Coalesce:
        return Coalesce(Subquery(works.values(f"kind__{name}")[:1]), Subquery(kinds.values(name)[:1]))

    rows = (
        Lesson.objects.filter(school_id=course.school_id, course_id=course.id)
        .filter(held_on__gte=period.starts_on, held_on__lt=period.ends_until)
        .order_by("held_on", "number")
        .values_list(
            "id",
            "held_on",
            "number",
            kind_field("id"),
            kind_field("name"),
            kind_field("short_name"),
            kind_field("weight"),
            Coalesce(Subquery(topics.values("topic")[:1]), Value("", TextField())),
            "state",
        )
    )
    return tuple(_column(row) for row in rows)


def _column(row: tuple[Any, ...]) -> LessonColumn:
    lesson_id, held_on, number, kind_id, kind, kind_short, weight, topic, state = row
    is_cancelled = state == Lesson.State.CANCELLED
    return LessonColumn(lesson_id, held_on, number, kind_id, kind, kind_short, weight, topic, is_cancelled)


def period_cells(course: Course, period: GradingPeriod) -> dict[Place, Cell]:
    """All cells of the course in the period. One statement."""
    return course_cells(
        school_id=course.school_id, course_id=course.id, first=period.starts_on, until=period.ends_until
    )


Span = tuple[dt.date, dt.date | None]


def _students(course: Course, period: GradingPeriod) -> list[tuple[uuid.UUID, str, list[Span]]]:
    """Students who were in the group on some day of the period, by name, with the days of their membership."""
    rows = (
        Enrollment.objects.filter(school_id=course.school_id, group_id=course.group_id)
        .overlapping(period.starts_on, period.ends_until)
        .order_by("student_id", "starts_on")
        .values_list(
            "student_id",
            "student__last_name",
            "student__first_name",
            "student__middle_name",
            "starts_on",
            "until",
        )
    )
    found: dict[uuid.UUID, tuple[str, list[Span]]] = {}
    for student_id, last, first, _middle, starts_on, until in rows:
        found.setdefault(student_id, (full_name(last, first), []))[1].append((starts_on, until))
    ordered = sorted(found.items(), key=lambda item: name_key(item[1][0]))
    return [(student_id, name, spans) for student_id, (name, spans) in ordered]


EMPTY = GridCell("", 0, "cell", "", False)
EMPTY_READONLY = GridCell("", 0, "cell", "", True)


def _grid_cell(cell: Cell | None, lesson: LessonColumn, spans: list[Span]) -> GridCell:
    is_readonly = lesson.is_cancelled or not any(
        start <= lesson.held_on and (until is None or lesson.held_on < until) for start, until in spans
    )
    if cell is None:
        return EMPTY_READONLY if is_readonly else EMPTY
    standing = [cell.marks[place] for place in sorted(cell.marks) if cell.marks[place].value]
    css = "cell has-comment" if any(row.comment for row in standing) else "cell"
    weights = ""
    if any(row.weight != lesson.weight for row in standing):
        weights = ",".join(str(row.weight) for row in standing)
    return GridCell(cell.text, cell.version, css, weights, is_readonly)


def cells_answer(cells: Mapping[Place, Cell], rows: Mapping[uuid.UUID, RowSum]) -> dict[str, object]:
    """Cells and right sides as the journal's script reads them."""
    return {
        "cells": [
            {"lesson": lesson_id, "student": student_id, "text": cell.text, "version": cell.version}
            for (lesson_id, student_id), cell in cells.items()
        ],
        "rows": [
            {"student": student_id, "average": one.average, "proposed": one.proposed}
            for student_id, one in rows.items()
        ],
    }
