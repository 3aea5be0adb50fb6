"""Saving the lesson page: each change announced, and none twice."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.desks.journal.actions import save_lesson
from diary.people.roster.models import Course
from tests.people import Cast

NOTHING: dict[str, object] = {
    "topic": "",
    "note": "",
    "topic_version": 0,
    "homework": "",
    "minutes": 20,
    "homework_version": 0,
}


def save(cast: Cast, **changes: object) -> int:
    """Анна saves Monday's lesson page; gives the number of announcements queued by it."""
    before = ProcrastinateJob.objects.count()
    course = Course.objects.select_related("subject", "group", "teacher").get(
        school_id=cast.school.id, id=cast.algebra.id
    )
    values = NOTHING | {"kind_id": cast.answer.id} | changes
    save_lesson(cast.actor("anna"), course, lesson=cast.lessons[3], **values)
    return ProcrastinateJob.objects.count() - before


@pytest.mark.parametrize("change", [{"topic": "Дроби"}, {"homework": "№ 12"}, {"topic": "Дроби", "homework": "№ 12"}])
def test_a_change_of_the_lesson_is_announced_once(cast: Cast, change: dict[str, object]) -> None:
    """C13."""
    assert save(cast, **change) == 1


def test_new_kind_of_work_is_announced_once(cast: Cast) -> None:
    """C13: also where no mark takes it, for open journals show it at the head of the column."""
    save(cast, topic="Дроби")
    assert save(cast, topic="Дроби", topic_version=1, kind_id=cast.test_work.id) == 1


def test_page_saved_as_it_was_announces_nothing(cast: Cast) -> None:
    save(cast, topic="Дроби", homework="№ 12")
    assert save(cast, topic="Дроби", topic_version=1, homework="№ 12", homework_version=1) == 0
