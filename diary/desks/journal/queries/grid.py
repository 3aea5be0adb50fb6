"""One page of a journal: the course as the actor may open it, its periods, lessons, students and cells."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection, models

from diary.desks.journal.queries.students import students_of_days
from diary.foundation.access.actor import Actor
from diary.people.roster.models import Course, Enrollment, Group, Staff, Student
from diary.people.roster.policies import Teaching, leads_course
from diary.people.schools.models import GradingPeriod, School, Subject
from diary.schoolwork.gradebook.queries import (
    Brought,
    BroughtMark,
    Cell,
    GridRow,
    Place,
    RowSum,
    Span,
    brought_marks,
    course_cells,
    course_grid,
    read_grid,
    row_sum,
)
from diary.schoolwork.gradebook.rules import CellContent
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import ANYWHERE, own_lessons, readable_days


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


class GridCell(NamedTuple):
    """A cell as the template writes it: everything is ready, the template decides nothing."""

    text: str
    version: int
    css: str
    weights: str
    is_readonly: bool


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student's row."""

    id: str
    name: str
    cells: tuple[GridCell, ...]
    sum: RowSum
    brought: tuple[BroughtMark, ...]

    @property
    def brought_from(self) -> str:
        """The classes or subgroups the brought marks come from, the first first."""
        return ", ".join(dict.fromkeys(mark.group for mark in self.brought))


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """All that the grid of a course in a grading period is made of, as it was read.

    `foreign_lessons` are not the reader's to write at, where some of the period's are and others are not.
    `students` are (id, name, days of membership), by name; `grid` is the text that `read_grid` understands.
    """

    course_id: uuid.UUID
    subject: str
    group: str
    period: str
    today: dt.date
    is_frozen: bool
    foreign_lessons: frozenset[uuid.UUID]
    lessons: tuple[LessonColumn, ...]
    students: tuple[tuple[str, str, tuple[Span, ...]], ...]
    grid: str
    brought: tuple[BroughtMark, ...]

    @property
    def opened(self) -> uuid.UUID | None:
        """The lesson at which the page opens: today's, else the last held one, else the first (W1)."""
        held = [lesson for lesson in self.lessons if lesson.held_on <= self.today and not lesson.is_cancelled]
        todays = [lesson for lesson in held if lesson.held_on == self.today]
        chosen = todays[:1] or held[-1:] or self.lessons[:1]
        return chosen[0].id if chosen else None

    @property
    def months(self) -> list[tuple[dt.date, int]]:
        """Months over the columns: a day of each and the number of its lessons."""
        runs = itertools.groupby(self.lessons, lambda lesson: (lesson.held_on.year, lesson.held_on.month))
        found = [list(lessons) for _month, lessons in runs]
        return [(lessons[0].held_on, len(lessons)) for lessons in found]


def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


OPENED_SQL = f"""
SELECT {_columns(Course, "c")}, {_columns(Subject, "s")}, {_columns(Group, "g")}, {_columns(Staff, "t")},
 {_columns(School, "o")}, f.user_id, hf.user_id
FROM roster_course c
JOIN schools_school o ON o.id = c.school_id
JOIN schools_subject s ON s.school_id = c.school_id AND s.id = c.subject_id
JOIN roster_group g ON g.school_id = c.school_id AND g.id = c.group_id
JOIN roster_staff t ON t.school_id = c.school_id AND t.id = c.teacher_id
LEFT JOIN roster_staff f ON f.school_id = g.school_id AND f.id = g.form_teacher_id
LEFT JOIN roster_group h ON h.school_id = g.school_id AND h.id = g.home_class_id
LEFT JOIN roster_staff hf ON hf.school_id = h.school_id AND hf.id = h.form_teacher_id
WHERE c.id = %(course)s AND c.school_id = ANY(%(schools)s)
"""  # noqa: S608 (names of columns)


@dataclass(frozen=True, slots=True)
class OpenedCourse:
    """A journal that the actor may open. `days` narrow what of it: None is everything."""

    course: Course
    days: tuple[Teaching, ...] | None

    def readable(self, periods: Sequence[GradingPeriod]) -> list[GradingPeriod]:
        """Those of the periods that the actor may read."""
        if self.days is None:
            return list(periods)
        return [period for period in periods if any(_is_within(one, period) for one in self.days)]


def opened_course(actor: Actor, course_id: uuid.UUID) -> OpenedCourse | None:
    """The course with what its pages show, if the actor may open its journal. One statement for who sees all.

    Everybody of `Course.objects.visible_to` (a test holds them together), and who stands in at a lesson: every request
    of the journal begins here, and building that statement through the ORM took a quarter of the time in which a mark
    is saved.
    """
    given: dict[str, Any] = {"course": course_id, "schools": list(actor.school_ids)}
    with connection.cursor() as cursor:
        cursor.execute(OPENED_SQL, given)
        row = cursor.fetchone()
    if row is None:
        return None
    values = iter(row)
    course: Course = _loaded(Course, values)
    course.subject, course.group, course.teacher, course.school = (
        _loaded(model, values) for model in (Subject, Group, Staff, School)
    )
    if actor.user_id in set(values):  # the form teacher
        return OpenedCourse(course, None)
    days = readable_days(actor, course)
    return None if days == () else OpenedCourse(course, days)


def _is_within(teaching: Teaching, period: GradingPeriod) -> bool:
    begins_in_time = teaching.starts_on is None or teaching.starts_on < period.ends_until
    return begins_in_time and (teaching.until is None or teaching.until > period.starts_on)


def _loaded(model: type[models.Model], values: Iterator[Any]) -> Any:
    """The next columns of a row as an instance."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db("default", names, list(islice(values, len(names))))


PERIODS_SQL = f"""
SELECT {_columns(GradingPeriod, "p")} FROM schools_gradingperiod p
WHERE p.school_id = %s AND p.year_id = %s AND p.parallel = %s ORDER BY p.number
"""  # noqa: S608 (names of columns)


def periods_of(course: Course) -> list[GradingPeriod]:
    """Grading periods of the course's parallel, in order. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(PERIODS_SQL, [course.school_id, course.year_id, course.group.parallel])
        return [_loaded(GradingPeriod, iter(row)) for row in cursor.fetchall()]


def current_period(periods: Sequence[GradingPeriod], today: dt.date) -> GradingPeriod | None:
    """The period of today; in a vacation the one before it; before the year the first."""
    started = [period for period in periods if period.starts_on <= today]
    return started[-1] if started else (periods[0] if periods else None)


def journal_facts(
    actor: Actor, course: Course, period: GradingPeriod, *, today: dt.date, is_writable: bool
) -> JournalFacts:
    """What the grid of a course in a period is made of. Four statements, whatever the number of rows.

    One or two more for who is not the course's main teacher: which of the lessons are theirs.
    """
    first, until = period.starts_on, period.ends_until
    lessons, students = lesson_columns(course, period), tuple(students_of_days(course, first, until))
    brought = brought_marks(
        school_id=course.school_id,
        course_id=course.id,
        student_ids=[uuid.UUID(student_id) for student_id, _name, _spans in students],
        first=first,
        until=until,
    )
    return JournalFacts(
        course_id=course.id,
        subject=course.subject.name,
        group=course.group.name,
        period=period.name,
        today=today,
        is_frozen=not is_writable or period.closed_at is not None,
        foreign_lessons=_foreign_lessons(actor, course, lessons) if is_writable else frozenset(),
        lessons=lessons,
        students=students,
        grid=course_grid(school_id=course.school_id, course_id=course.id, first=first, until=until),
        brought=tuple(chain.from_iterable(brought.values())),
    )


def student_rows(facts: JournalFacts) -> Iterator[StudentRow]:
    """The rows of the grid."""
    grid = read_grid(facts.grid)
    # most students were in the group all the time: lessons are compared with each different membership once
    columns = [(str(lesson.id), lesson.weight) for lesson in facts.lessons]
    readonly = {spans: _readonly(facts, spans) for spans in {spans for _id, _name, spans in facts.students}}
    brought: dict[str, list[BroughtMark]] = defaultdict(list)
    for mark in facts.brought:
        brought[str(mark.student_id)].append(mark)
    for student_id, name, spans in facts.students:
        cells = grid.get(student_id, {})
        yield StudentRow(
            id=student_id,
            name=name,
            cells=tuple(_grid_cells(cells, columns, readonly[spans])),
            sum=row_sum(chain(chain.from_iterable(cells.values()), brought[student_id])),
            brought=tuple(brought[student_id]),
        )


COLUMNS_SQL = """
SELECT l.id, l.held_on, l.number, coalesce(k.id, usual.id), coalesce(k.name, usual.name),
 coalesce(k.short_name, usual.short_name), coalesce(k.weight, usual.weight), coalesce(t.topic, ''),
 l.state = %(cancelled)s
FROM timetable_lesson l
LEFT JOIN gradebook_lessonwork w ON w.school_id = l.school_id AND w.lesson_id = l.id
LEFT JOIN gradebook_workkind k ON k.school_id = w.school_id AND k.id = w.kind_id
LEFT JOIN planner_lessontopic t ON t.school_id = l.school_id AND t.lesson_id = l.id
LEFT JOIN (
 SELECT * FROM gradebook_workkind WHERE school_id = %(school)s ORDER BY position, id LIMIT 1
) usual ON true
WHERE l.school_id = %(school)s AND l.course_id = %(course)s AND l.held_on >= %(first)s AND l.held_on < %(until)s
ORDER BY l.held_on, l.number
"""


def lesson_columns(course: Course, period: GradingPeriod) -> tuple[LessonColumn, ...]:
    """Lessons of the period with the kind of work that their marks take. One statement."""
    given: dict[str, Any] = {"school": course.school_id, "course": course.id, "cancelled": Lesson.State.CANCELLED.value}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS_SQL, given | {"first": period.starts_on, "until": period.ends_until})
        return tuple(LessonColumn(*row) for row in cursor.fetchall())


def period_cells(course: Course, period: GradingPeriod) -> dict[Place, Cell]:
    """All cells of the course in the period. One statement."""
    return course_cells(
        school_id=course.school_id, course_id=course.id, first=period.starts_on, until=period.ends_until
    )


def period_brought(course: Course, period: GradingPeriod, cells: Mapping[Place, Cell]) -> Brought:
    """What the students of these cells have brought along from other journals of the subject. One statement."""
    return brought_marks(
        school_id=course.school_id,
        course_id=course.id,
        student_ids={student_id for _lesson, student_id in cells},
        first=period.starts_on,
        until=period.ends_until,
    )


def student_of(course: Course, student_id: uuid.UUID) -> Student | None:
    """A student who is or was in the course's group."""
    members = Enrollment.objects.filter(school_id=course.school_id, group_id=course.group_id, student_id=student_id)
    students = Student.objects.filter(school_id=course.school_id, id=student_id)
    student: Student | None = students.filter(models.Exists(members)).first()
    return student


def _foreign_lessons(actor: Actor, course: Course, lessons: Sequence[LessonColumn]) -> frozenset[uuid.UUID]:
    if leads_course(actor, course) or actor.has_role(ANYWHERE, course.school_id):
        return frozenset()
    days = {lesson.id: lesson.held_on for lesson in lessons}
    return frozenset(days.keys() - own_lessons(actor, course, days))


def _readonly(facts: JournalFacts, spans: tuple[Span, ...]) -> list[bool]:
    """For each lesson whether nothing may be written there: it is cancelled or another teacher's, or the student was
    not in the group.
    """
    return [
        lesson.is_cancelled
        or lesson.id in facts.foreign_lessons
        or not any(start <= lesson.held_on and (until is None or lesson.held_on < until) for start, until in spans)
        for lesson in facts.lessons
    ]


def _grid_cells(
    cells: Mapping[str, list[GridRow]], columns: Sequence[tuple[str, Decimal]], readonly: Sequence[bool]
) -> Iterator[GridCell]:
    for (lesson_id, weight), is_readonly in zip(columns, readonly, strict=True):
        rows = cells.get(lesson_id)
        if rows is None:
            yield GridCell("", 0, "cell", "", is_readonly)
        else:
            yield _grid_cell(rows, weight, is_readonly)


def _grid_cell(rows: list[GridRow], weight: Decimal, is_readonly: bool) -> GridCell:
    if len(rows) == 1 and rows[0].place and not rows[0].has_comment and rows[0].weight == weight:
        return GridCell(rows[0].value, rows[0].version, "cell", "", is_readonly)  # nine cells of ten
    standing = sorted((row for row in rows if row.place and row.value), key=attrgetter("place"))
    sign = next((row.value for row in rows if not row.place), "")
    text = CellContent(tuple(row.value for row in standing), sign).text
    css = "cell has-comment" if any(row.has_comment for row in standing) else "cell"
    weights = ""
    if any(row.weight != weight for row in standing):
        weights = ",".join(str(row.weight) for row in standing)
    return GridCell(text, sum(row.version for row in rows), css, weights, is_readonly)


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
