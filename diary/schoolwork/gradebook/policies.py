"""Who may read and write marks."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.people.roster.models import Course
from diary.people.roster.policies import can_teach

JOURNAL_READ = permission("gradebook.journal.read", Role.TEACHER, Role.METHODIST, Role.ADMINISTRATOR)
MARK_SET = permission("gradebook.mark.set", Role.TEACHER, Role.ADMINISTRATOR)


def can_set_marks(actor: Actor, course: Course) -> bool:
    """The course's own teacher, or an administrator of the school (M11: any mark, and that is recorded too).

    `course.teacher` must be loaded.
    """
    return can_teach(actor, course)
