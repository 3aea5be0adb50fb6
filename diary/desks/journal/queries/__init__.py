"""What the teacher's pages show: the list of journals, one page of a journal, one lesson."""

from diary.desks.journal.queries.courses import by_class, course_list
from diary.desks.journal.queries.grid import (
    OpenedCourse,
    cells_answer,
    current_period,
    journal_facts,
    opened_course,
    period_brought,
    period_cells,
    periods_of,
    student_of,
    student_rows,
)
from diary.desks.journal.queries.lesson import LessonCell, lesson_cells

__all__ = [
    "LessonCell",
    "OpenedCourse",
    "by_class",
    "cells_answer",
    "course_list",
    "current_period",
    "journal_facts",
    "lesson_cells",
    "opened_course",
    "period_brought",
    "period_cells",
    "periods_of",
    "student_of",
    "student_rows",
]
