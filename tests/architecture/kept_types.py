"""What mypy must know through a deed, a link and the rows of a school (C1). Nothing here runs: `make check` judges it.

`assert_type` fails where a type is lost, and an ignore that is not needed is an error too, so each wrong call below
has to be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_type
from uuid import UUID

from diary.foundation.access.actor import Actor
from diary.people.roster.models import Course, Group, Staff, Student
from diary.people.schools.models import SchoolRows, Subject
from diary.schoolwork.gradebook.actions import CellEntry, Entered, enter_cells
from diary.schoolwork.gradebook.models import Mark
from diary.schoolwork.timetable.models import Lesson


def deeds(actor: Actor, course: Course, cells: Sequence[CellEntry], key: UUID) -> None:
    assert_type(enter_cells(actor, course, cells=cells, key=key), Entered)
    enter_cells(actor, 5, cells=cells, key=key)  # type: ignore[arg-type]
    enter_cells(actor, course, cellz=cells, key=key)  # type: ignore[call-arg]
    enter_cells(actor, course, cells=3, key=key)  # type: ignore[arg-type]


def links(mark: Mark, course: Course) -> None:
    assert_type(mark.lesson, Lesson)
    assert_type(mark.lesson.course.subject, Subject)
    assert_type(course.group.form_teacher, Staff | None)
    assert_type(course.group.home_class, Group | None)
    mark.lesson.nonsense  # type: ignore[attr-defined]  # noqa: B018


def rows(actor: Actor) -> None:
    assert_type(Mark.objects.visible_to(actor), SchoolRows[Mark])
    assert_type(Mark.objects.visible_to(actor).filter(value="5").first(), Mark | None)
    assert_type(Student.objects.visible_to(actor).get(), Student)
    assert_type(Student.objects.family_of(actor).get(), Student)
    assert_type(Subject.objects.visible_to(actor).get(), Subject)
    Mark.objects.visible_to(5)  # type: ignore[arg-type]
