"""The worker's part: writing one notice for each happening and person (C8)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from diary.people.notifications.models import Notification
from diary.people.roster.models import Guardian, Student

Happening = tuple[uuid.UUID, uuid.UUID, uuid.UUID, dt.datetime]  # (change, thing that glows, student, when)


def notify_families(*, school_id: int, kind: str, happenings: Sequence[Happening]) -> None:
    """One notice for each happening and each person of the family: the student and the guardians with access.

    Run again, it adds nothing (the database holds each pair once).
    """
    student_ids = {student_id for _change, _about, student_id, _when in happenings}
    people: dict[uuid.UUID, set[int]] = {}
    own = Student.objects.filter(school_id=school_id, id__in=student_ids, user_id__isnull=False)
    for student_id, user_id in own.values_list("id", "user_id"):
        people.setdefault(student_id, set()).add(user_id)
    links = Guardian.objects.filter(school_id=school_id, student_id__in=student_ids).in_force()
    for student_id, user_id in links.values_list("student_id", "user_id"):
        people.setdefault(student_id, set()).add(user_id)
    Notification.objects.bulk_create(
        [
            Notification(
                school_id=school_id,
                user_id=user_id,
                kind=kind,
                subject_id=change_id,
                about_id=about_id,
                student_id=student_id,
                occurred_at=when,
            )
            for change_id, about_id, student_id, when in happenings
            for user_id in sorted(people.get(student_id, ()))
        ],
        ignore_conflicts=True,
    )
