"""Topic and note: effect, refusal, versions, audit row."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.foundation.audit.models import AuditEvent
from diary.foundation.core.errors import BadInput, Conflict
from diary.people.roster.models import Course
from diary.schoolwork.planner.actions import MAX_TOPIC, set_topic
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.timetable.models import Lesson
from tests.people import Cast


def put(
    cast: Cast, topic: str, *, note: str = "", version: int = 0, who: str = "anna", lesson: Lesson | None = None
) -> LessonTopic:
    course = Course.objects.select_related("teacher").get(id=cast.algebra.id)
    row: LessonTopic = set_topic(
        cast.actor(who), course, lesson=lesson or cast.lessons[3], topic=topic, note=note, version=version
    )
    return row


def test_topic_is_kept_and_changed_with_its_version(cast: Cast) -> None:
    assert put(cast, " Дроби ", note="повторить").version == 1
    changed = put(cast, "Степени", version=1)
    assert (changed.topic, changed.note, changed.version) == ("Степени", "", 2)
    assert (
        list(AuditEvent.objects.order_by("id").values_list("action", "object_id"))
        == [("planner.set_topic", str(cast.lessons[3].id))] * 2
    )


def test_private_note_does_not_travel_into_the_log(cast: Cast) -> None:
    put(cast, "Дроби", note="Маша списывает")
    assert "списывает" not in str(AuditEvent.objects.get().details)


def test_same_text_again_changes_nothing(cast: Cast) -> None:
    put(cast, "Дроби")
    assert put(cast, "Дроби", version=0).version == 1


def test_stale_version_is_told_and_nothing_is_lost(cast: Cast) -> None:
    put(cast, "Дроби")
    with pytest.raises(Conflict, match="Дроби") as refused, transaction.atomic():
        put(cast, "Степени", version=0)
    assert refused.value.extra == {"topic": "Дроби", "version": 1}
    assert LessonTopic.objects.get().topic == "Дроби"


@pytest.mark.parametrize("who", ["boris", "vera", "zoya", "tikhon", "olga", "masha", "chuzhoy", "chuzhoy_admin"])
def test_nobody_but_the_teacher_and_the_administrator(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        put(cast, "Дроби", who=who)
    assert put(cast, "Дроби", who="gleb").version == 1


def test_lesson_of_another_course_and_endless_topic_are_refused(cast: Cast) -> None:
    with pytest.raises(BadInput), transaction.atomic():
        put(cast, "Дроби", lesson=Lesson.objects.get(course_id=cast.russian.id))
    with pytest.raises(BadInput), transaction.atomic():
        put(cast, "я" * (MAX_TOPIC + 1))
