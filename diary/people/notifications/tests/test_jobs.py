"""One notice for each (change, person), never twice, and only to those who have access (C8, A15)."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.utils.translation import gettext as _

from diary.people.notifications.actions import mark_seen
from diary.people.notifications.jobs import Happening, notify
from diary.people.notifications.kinds import NoticeKind, notice_kinds, worded
from diary.people.notifications.models import Notification
from diary.people.roster.models import Guardian
from diary.people.roster.queries.families import recipients_of
from tests.people import NOW, Cast


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_kinds, "_things", dict(notice_kinds.items()))
    notice_kinds.add("test", NoticeKind(lambda values: f"{_('Класс')} {values['number']}"))


def happening(cast: Cast) -> Happening:
    family = recipients_of(cast.school.id, [cast.masha.id]).get(cast.masha.id, set())
    return Happening(uuid.uuid4(), uuid.uuid4(), cast.masha.id, NOW, family, {"number": 7})


def told(cast: Cast) -> set[int]:
    return set(Notification.objects.values_list("user_id", flat=True))


def users(cast: Cast, *logins: str) -> set[int]:
    return {cast.users[login].id for login in logins}


def test_student_and_both_parents_are_told_once_even_if_the_job_runs_twice(cast: Cast) -> None:
    one = happening(cast)
    for _time in range(2):
        notify(school_id=cast.school.id, kind="test", happenings=[one])
    assert told(cast) == users(cast, "masha", "olga", "pavel")
    assert Notification.objects.count() == 3


def test_two_quick_changes_of_one_mark_are_two_notices(cast: Cast) -> None:
    first = happening(cast)
    for one in (first, replace(first, change_id=uuid.uuid4())):
        notify(school_id=cast.school.id, kind="test", happenings=[one])
    assert Notification.objects.count() == 6


def test_guardian_without_rights_or_past_the_term_is_not_told(cast: Cast) -> None:
    Guardian.objects.filter(user_id=cast.users["olga"].id, student_id=cast.masha.id).update(rights="none")
    Guardian.objects.filter(user_id=cast.users["pavel"].id).update(until=NOW.date())
    notify(school_id=cast.school.id, kind="test", happenings=[happening(cast)])
    assert told(cast) == users(cast, "masha")


def test_seeing_puts_out_only_the_readers_own_glow(cast: Cast) -> None:
    one = happening(cast)
    notify(school_id=cast.school.id, kind="test", happenings=[one])
    assert mark_seen(cast.actor("olga"), cast.masha, about_ids=[one.about_id]) == 1
    assert set(Notification.objects.filter(seen_at=None).values_list("user_id", flat=True)) == users(
        cast, "masha", "pavel"
    )


def test_notice_of_a_kind_that_nobody_knows_is_refused(cast: Cast) -> None:
    with pytest.raises(KeyError):
        notify(school_id=cast.school.id, kind="unheard of", happenings=[happening(cast)])


@pytest.mark.parametrize(("language", "said"), [("ru", "Класс 7"), ("en", "Class 7")])
def test_notice_is_worded_for_its_reader(cast: Cast, language: str, said: str) -> None:
    """C4: kind and values stand in the row; the language is the reader's, not that of whoever caused it."""
    notify(school_id=cast.school.id, kind="test", happenings=[happening(cast)])
    reader = cast.users["olga"]
    reader.language = language
    assert worded(Notification.objects.get(user_id=reader.id), reader) == said
