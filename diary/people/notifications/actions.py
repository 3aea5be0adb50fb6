"""What a person does with notices: see them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Protocol

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.core import clock
from diary.people.notifications.models import Notification
from diary.people.notifications.policies import is_reader


class OfStudent(Protocol):
    """The student whom notices concern: this room stands below the roster."""

    @property
    def school_id(self) -> int: ...

    @property
    def id(self) -> uuid.UUID: ...


@action(check=is_reader, audits=False)
def mark_seen(actor: Actor, student: OfStudent, *, about_ids: Collection[uuid.UUID]) -> int:
    """The actor has seen these things: their own glow goes out. Returns how many notices were put out."""
    return Notification.objects.filter(
        school_id=student.school_id,
        user_id=actor.person_id,
        student_id=student.id,
        about_id__in=about_ids,
        seen_at__isnull=True,
    ).update(seen_at=clock.now())
