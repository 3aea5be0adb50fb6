"""Who may say that a student was absent or late."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.people.roster.models import Course
from diary.schoolwork.timetable.policies import can_write_in

ATTENDANCE_SET = permission("attendance.sign.set", Role.TEACHER, Role.ADMINISTRATOR)


def can_set_signs(actor: Actor, course: Course) -> bool:
    """Who teaches the course or stands in at a lesson of it, or an administrator. `course.teacher` must be loaded."""
    return ATTENDANCE_SET.is_held_by(actor, course.school_id) and can_write_in(actor, course)
