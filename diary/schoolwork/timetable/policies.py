"""Who may lay out the timetable and add lessons."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.people.roster.models import OFFICE, Course
from diary.people.roster.policies import can_teach
from diary.people.schools.models import School

LESSON_ADD = permission("timetable.lesson.add", Role.TEACHER, Role.METHODIST, Role.ADMINISTRATOR)


def can_realise_lessons(actor: Actor, school: School) -> bool:
    """The methodist or an administrator of the school."""
    return actor.has_role(OFFICE, school.id)


def can_add_lesson(actor: Actor, course: Course) -> bool:
    """The course's teacher, or the school's office. `course.teacher` must be loaded."""
    return actor.has_role(Role.METHODIST, course.school_id) or can_teach(actor, course)
