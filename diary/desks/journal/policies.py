"""Who may save the page of a lesson: it writes in several rooms, each of which asks again."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.people.roster.models import Course
from diary.schoolwork.timetable.policies import can_write_in

LESSON_SAVE = permission("journal.lesson.save", Role.TEACHER, Role.ADMINISTRATOR)


def can_save_lesson(actor: Actor, course: Course) -> bool:
    """Who teaches the course or stands in at a lesson of it, or an administrator. `course.teacher` must be loaded."""
    return LESSON_SAVE.is_held_by(actor, course.school_id) and can_write_in(actor, course)
