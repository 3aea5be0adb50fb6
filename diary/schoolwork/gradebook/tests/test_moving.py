"""A moved lesson and its marks (S5)."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from diary.foundation.audit.models import AuditEvent
from diary.people.roster.models import Course
from diary.schoolwork.gradebook.actions import CellEntry, carry_marks, enter_cells
from diary.schoolwork.gradebook.models import Mark
from diary.schoolwork.timetable.models import Lesson
from tests.people import Cast


def marked_and_moved(cast: Cast) -> Lesson:
    """Monday's lesson of algebra, with Маша's mark, put to the day before in the database."""
    lesson = cast.lessons[3]
    course = Course.objects.select_related("subject", "group", "teacher").get(
        school_id=cast.school.id, id=cast.algebra.id
    )
    entries = [CellEntry(lesson.id, cast.masha.id, "5", 0)]
    enter_cells(cast.actor("anna"), course, cells=entries, key=uuid.uuid4())
    moved = Lesson.objects.get(school_id=cast.school.id, id=lesson.id)
    moved.held_on, moved.number = cast.lessons[2].held_on, 7
    moved.save(update_fields=["held_on", "number"])
    return moved


def test_marks_follow_their_lesson_by_a_deed(cast: Cast) -> None:
    moved = marked_and_moved(cast)
    assert carry_marks(cast.actor("zoya"), moved) == 1
    connection.check_constraints()
    mark = Mark.objects.get()
    assert (mark.held_on, mark.value, mark.version) == (moved.held_on, "5", 1)
    assert AuditEvent.objects.filter(action="gradebook.carry_marks", object_id=str(moved.id)).exists()


def test_lesson_that_leaves_its_marks_behind_cannot_be_committed(cast: Cast) -> None:
    """Nothing is moved by the database itself: that cannot be had over many servers."""
    marked_and_moved(cast)
    with pytest.raises(IntegrityError, match="gradebook_mark_lesson_place"), transaction.atomic():
        connection.check_constraints()
    connection.set_rollback(True)


@pytest.mark.parametrize("who", ["anna", "boris", "masha", "olga", "chuzhoy_admin"])
def test_only_the_office_moves_marks(cast: Cast, who: str) -> None:
    lesson = cast.lessons[3]
    with pytest.raises(PermissionDenied):
        carry_marks(cast.actor(who), lesson)
