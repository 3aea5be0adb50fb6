"""Who may give homework and who may tick it."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.people.roster.models import Course
from diary.schoolwork.timetable.policies import can_write_in

HOMEWORK_SET = permission("homework.task.set", Role.TEACHER, Role.ADMINISTRATOR)
HOMEWORK_TICK = permission("homework.tick.set", Role.STUDENT, Role.GUARDIAN)


def can_set_homework(actor: Actor, course: Course) -> bool:
    """Who teaches the course or stands in at a lesson of it, or an administrator. `course.teacher` must be loaded."""
    return HOMEWORK_SET.is_held_by(actor, course.school_id) and can_write_in(actor, course)
