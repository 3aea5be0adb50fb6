"""One notice for each (change, person), never twice, and only to those who have access (C8, A15)."""

from __future__ import annotations

import datetime as dt
import uuid

from diary.people.notifications.actions import mark_seen
from diary.people.notifications.jobs import notify_families
from diary.people.notifications.models import Notification
from diary.people.roster.models import Guardian
from tests.people import NOW, Cast


def happening(cast: Cast) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID, dt.datetime]:
    return uuid.uuid4(), uuid.uuid4(), cast.masha.id, NOW


def told(cast: Cast) -> set[int]:
    return set(Notification.objects.values_list("user_id", flat=True))


def users(cast: Cast, *logins: str) -> set[int]:
    return {cast.users[login].id for login in logins}


def test_student_and_both_parents_are_told_once_even_if_the_job_runs_twice(cast: Cast) -> None:
    one = happening(cast)
    for _ in range(2):
        notify_families(school_id=cast.school.id, kind="test", happenings=[one])
    assert told(cast) == users(cast, "masha", "olga", "pavel")
    assert Notification.objects.count() == 3


def test_two_quick_changes_of_one_mark_are_two_notices(cast: Cast) -> None:
    first, mark, student, when = happening(cast)
    for change in (first, uuid.uuid4()):
        notify_families(school_id=cast.school.id, kind="test", happenings=[(change, mark, student, when)])
    assert Notification.objects.count() == 6


def test_guardian_without_rights_or_past_the_term_is_not_told(cast: Cast) -> None:
    Guardian.objects.filter(user_id=cast.users["olga"].id, student_id=cast.masha.id).update(rights="none")
    Guardian.objects.filter(user_id=cast.users["pavel"].id).update(until=NOW.date())
    notify_families(school_id=cast.school.id, kind="test", happenings=[happening(cast)])
    assert told(cast) == users(cast, "masha")


def test_seeing_puts_out_only_the_readers_own_glow(cast: Cast) -> None:
    change, mark, student, when = happening(cast)
    notify_families(school_id=cast.school.id, kind="test", happenings=[(change, mark, student, when)])
    assert mark_seen(cast.actor("olga"), cast.masha, about_ids=[mark]) == 1
    assert set(Notification.objects.filter(seen_at=None).values_list("user_id", flat=True)) == users(
        cast, "masha", "pavel"
    )
