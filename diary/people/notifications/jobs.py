"""The worker's part: writing one notice for each happening and person (C8)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diary.people.notifications.kinds import notice_kinds
from diary.people.notifications.models import Notification


@dataclass(frozen=True, slots=True)
class Happening:
    """What people are told of: `change_id` happened to the thing `about_id`, which glows until it is seen."""

    change_id: uuid.UUID
    about_id: uuid.UUID
    student_id: uuid.UUID
    at: dt.datetime
    recipients: Collection[int]  # users; named by whoever knows who is concerned
    values: Mapping[str, Any] = field(default_factory=dict)  # what the kind words: ids and numbers, no names


def notify(*, school_id: int, kind: str, happenings: Sequence[Happening]) -> None:
    """One notice for each happening and recipient. Run again, it adds nothing (the database holds each pair once).

    Raises KeyError for a kind that nobody has handed in.
    """
    notice_kinds.get(kind)
    Notification.objects.bulk_create(
        [
            Notification(
                school_id=school_id,
                user_id=user_id,
                kind=kind,
                subject_id=one.change_id,
                about_id=one.about_id,
                student_id=one.student_id,
                occurred_at=one.at,
                values=dict(one.values),
            )
            for one in happenings
            for user_id in sorted(one.recipients)
        ],
        ignore_conflicts=True,
    )
