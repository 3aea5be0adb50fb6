"""Who may read and write marks."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.people.roster.models import Course
from diary.schoolwork.timetable.policies import can_write_in

JOURNAL_READ = permission("gradebook.journal.read", Role.TEACHER, Role.METHODIST, Role.ADMINISTRATOR)
MARK_SET = permission("gradebook.mark.set", Role.TEACHER, Role.ADMINISTRATOR)


def can_set_marks(actor: Actor, course: Course) -> bool:
    """Who teaches the course or stands in at a lesson of it, or an administrator (M11: any mark, recorded too).

    At which lessons is asked under their lock: `timetable.policies.must_teach`. `course.teacher` must be loaded.
    """
    return MARK_SET.is_held_by(actor, course.school_id) and can_write_in(actor, course)
