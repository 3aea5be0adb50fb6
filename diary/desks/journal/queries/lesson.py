"""Marks and attendance of one lesson, pupil by pupil (M2)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from diary.desks.journal.queries.students import students_of_days
from diary.people.roster.models import Course
from diary.schoolwork.gradebook.queries import Cell, course_cells
from diary.schoolwork.timetable.models import Lesson


@dataclass(frozen=True, slots=True)
class LessonCell:
    """A pupil at the lesson; `version` is that of the cell."""

    student_id: uuid.UUID
    name: str
    text: str
    version: int


def lesson_cells(course: Course, lesson: Lesson) -> list[LessonCell]:
    """Everybody who was in the group on the day of the lesson, by name, with the cell's text. Two statements."""
    first, until = lesson.held_on, lesson.held_on + dt.timedelta(days=1)
    cells = course_cells(school_id=course.school_id, course_id=course.id, first=first, until=until)
    rows = []
    for student_id, name, _days in students_of_days(course, first, until):
        cell = cells.get((lesson.id, uuid.UUID(student_id)), Cell())
        rows.append(LessonCell(uuid.UUID(student_id), name, cell.text, cell.version))
    return rows
