"""Writing attendance signs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.people.roster.models import Course
from diary.schoolwork.attendance.models import AttendanceSign
from diary.schoolwork.attendance.policies import can_set_signs


@dataclass(frozen=True, slots=True)
class SignEntry:
    """A sign to be set; `id` and `version` are of its row (a new id and 0: no row yet). '' takes the sign back."""

    id: uuid.UUID
    lesson_id: uuid.UUID
    student_id: uuid.UUID
    sign: str
    old_sign: str
    version: int


@action(check=can_set_signs)
def set_signs(actor: Actor, course: Course, *, entries: Sequence[SignEntry]) -> None:
    """Set signs at lessons of the course (M1). The caller holds the lessons' locks, has asked whether they are
    the actor's (`must_teach`) and has compared versions.
    """
    at = clock.now()
    AttendanceSign.objects.bulk_create(
        [
            AttendanceSign(
                school_id=course.school_id,
                id=entry.id,
                lesson_id=entry.lesson_id,
                student_id=entry.student_id,
                sign=entry.sign,
                version=entry.version + 1,
                set_by_id=actor.person_id,
                set_by_name=actor.name,
                set_at=at,
            )
            for entry in entries
        ],
        update_conflicts=True,
        unique_fields=["school", "lesson_id", "student_id"],
        update_fields=["sign", "version", "set_by_id", "set_by_name", "set_at"],
    )
    log.note(
        signs=[
            {"lesson": entry.lesson_id, "student": entry.student_id, "old": entry.old_sign, "new": entry.sign}
            for entry in entries
        ]
    )
