"""Whose open pages hear of a pupil (G2): those who may open the page now."""

from __future__ import annotations

import uuid

from diary.foundation.access.actor import Actor
from diary.people.roster.models import Student


def hears_of_student(actor: Actor, school_id: int, student_id: uuid.UUID) -> bool:
    """The pupil and the guardians with access."""
    return Student.objects.family_of(actor).filter(school_id=school_id, id=student_id).exists()
