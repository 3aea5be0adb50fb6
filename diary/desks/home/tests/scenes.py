"""What the tests of the family's pages set up: marks that Анна has entered, homework, counted statements."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.people.roster.models import Course, Student
from diary.schoolwork.gradebook.actions import CellEntry, enter_cells
from diary.schoolwork.gradebook.jobs import announce
from diary.schoolwork.gradebook.models import Mark
from diary.schoolwork.homework.models import Homework
from diary.schoolwork.timetable.models import Lesson
from tests.people import Cast

AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def loaded(course: Course) -> Course:
    return Course.objects.select_related("subject", "group", "teacher", "school").get(
        school_id=course.school_id, id=course.id
    )


def enter(
    cast: Cast, text: str, *, lesson: Lesson | None = None, student: Student | None = None, version: int = 0, **kw: str
) -> list[Mark]:
    """Анна types `text` into a cell (Маша, Monday), and the worker tells the family."""
    lesson, student = lesson or cast.lessons[3], student or cast.masha
    enter_all(cast, [CellEntry(lesson.id, student.id, text, version, kw.get("reason", ""))])
    return list(Mark.objects.filter(lesson_id=lesson.id, student_id=student.id).order_by("place"))


def enter_all(cast: Cast, cells: list[CellEntry]) -> None:
    """Анна fills cells at once, and the worker tells the families."""
    enter_cells(cast.actor("anna"), loaded(cast.algebra), cells=cells, key=uuid.uuid4())
    for job in ProcrastinateJob.objects.filter(task_name="gradebook.announce"):
        announce(**job.args)


def give(cast: Cast, text: str, *, given: Lesson, chosen_on: dt.date | None = None) -> Homework:
    return Homework.objects.create(
        school_id=given.school_id,
        course_id=given.course_id,
        given_at_id=given.id,
        chosen_on=chosen_on,
        text=text,
        minutes=25,
    )


@contextmanager
def counted(statements: list[str]) -> Iterator[None]:
    """Gather the statements of the block, transaction control and the given-back scope left out."""
    with CaptureQueriesContext(connection) as captured:
        yield
    sql = [query["sql"] for query in captured.captured_queries]
    scopes = [one for one in sql if one.startswith("SET LOCAL")]
    others = [one for one in sql if not one.startswith((*AROUND, "SET LOCAL"))]
    statements.extend(scopes[:1] + others)
