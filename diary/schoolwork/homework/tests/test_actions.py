"""Giving homework and ticking it: effect, refusal, versions, audit row, word to the open pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.foundation.audit.models import AuditEvent
from diary.foundation.core.errors import BadInput, Conflict
from diary.people.roster.models import Course, Guardian, Student
from diary.schoolwork.homework.actions import MAX_TEXT, OnlyReading, set_homework, tick_homework
from diary.schoolwork.homework.models import Homework, HomeworkTick
from diary.schoolwork.homework.queries import due_on
from diary.schoolwork.timetable.models import Lesson
from tests.people import Cast


def give(
    cast: Cast,
    text: str,
    *,
    minutes: int = 20,
    version: int = 0,
    who: str = "anna",
    lesson: Lesson | None = None,
) -> Homework | None:
    course = Course.objects.select_related("teacher").get(id=cast.algebra.id)
    row: Homework | None = set_homework(
        cast.actor(who), course, lesson=lesson or cast.lessons[3], text=text, minutes=minutes, version=version
    )
    return row


def given(cast: Cast) -> Homework:
    give(cast, "№ 12")
    return Homework.objects.select_related("course").get()


def tick(cast: Cast, homework: Homework, *, who: str, done: bool = True, student: Student | None = None) -> None:
    tick_homework(cast.actor(who), student or cast.masha, homework=homework, done=done)


def test_homework_is_due_at_the_next_lesson(cast: Cast) -> None:
    homework = given(cast)
    assert due_on(homework) == cast.lessons[4].held_on
    assert AuditEvent.objects.get().action == "homework.set_homework"


def test_cancelled_lesson_is_passed_over(cast: Cast) -> None:
    Lesson.objects.filter(id=cast.lessons[4].id).update(state=Lesson.State.CANCELLED)
    assert due_on(given(cast)) == cast.lessons[5].held_on


def test_without_a_next_lesson_it_is_due_in_a_week(cast: Cast) -> None:
    give(cast, "№ 12", lesson=cast.lessons[5])
    homework = Homework.objects.get()
    assert due_on(homework) == cast.lessons[5].held_on + dt.timedelta(days=7)


def test_families_of_the_group_are_told(cast: Cast) -> None:
    given(cast)
    assert set(ProcrastinateJob.objects.get().args["student_ids"]) == {str(cast.masha.id), str(cast.petya.id)}


def test_change_needs_the_present_version(cast: Cast) -> None:
    given(cast)
    with pytest.raises(Conflict, match="№ 12"), transaction.atomic():
        give(cast, "№ 13", version=0)
    changed = give(cast, "№ 13", version=1, minutes=40)
    assert changed is not None
    assert (changed.text, changed.minutes, changed.version) == ("№ 13", 40, 2)
    emptied = give(cast, "", version=2)
    assert emptied is not None
    assert emptied.text == ""


def test_nothing_given_leaves_no_row_and_the_same_again_no_change(cast: Cast) -> None:
    assert give(cast, "  ") is None
    given(cast)
    again = give(cast, "№ 12", version=0)
    assert again is not None
    assert again.version == 1


@pytest.mark.parametrize(("text", "minutes"), [("я" * (MAX_TEXT + 1), 20), ("№ 1", -1), ("№ 1", 1000)])
def test_endless_homework_is_refused(cast: Cast, text: str, minutes: int) -> None:
    with pytest.raises(BadInput), transaction.atomic():
        give(cast, text, minutes=minutes)


def test_lesson_of_another_course_is_refused(cast: Cast) -> None:
    with pytest.raises(BadInput), transaction.atomic():
        give(cast, "№ 1", lesson=Lesson.objects.get(course_id=cast.russian.id))


@pytest.mark.parametrize("who", ["boris", "vera", "zoya", "tikhon", "olga", "masha", "chuzhoy", "chuzhoy_admin"])
def test_nobody_else_gives_homework(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        give(cast, "№ 1", who=who)


@pytest.mark.parametrize("who", ["masha", "olga", "pavel"])
def test_family_ticks_and_takes_back(cast: Cast, who: str) -> None:
    homework = given(cast)
    tick(cast, homework, who=who)
    tick(cast, homework, who=who)
    assert HomeworkTick.objects.get().student_id == cast.masha.id
    tick(cast, homework, who=who, done=False)
    assert not HomeworkTick.objects.exists()
    assert AuditEvent.objects.filter(action="homework.tick_homework").count() == 3


@pytest.mark.parametrize("who", ["petya", "igor", "anna", "gleb", "zoya", "chuzhoy"])
def test_nobody_else_ticks(cast: Cast, who: str) -> None:
    homework = given(cast)
    with pytest.raises(PermissionDenied):
        tick(cast, homework, who=who)


def test_reading_guardian_is_told_so(cast: Cast) -> None:
    Guardian.objects.filter(user=cast.users["pavel"]).update(rights=Guardian.Rights.READ)
    homework = given(cast)
    with pytest.raises(OnlyReading) as refused:
        tick(cast, homework, who="pavel")
    assert refused.value.status == 403


def test_homework_of_another_group_is_refused(cast: Cast) -> None:
    homework = given(cast)
    with pytest.raises(BadInput), transaction.atomic():
        tick(cast, homework, who="kolya", student=cast.kolya_7b)


def test_day_chosen_by_hand_must_come_after_the_lesson(cast: Cast) -> None:
    course = Course.objects.select_related("teacher", "school").get(id=cast.algebra.id)
    lesson = cast.lessons[3]
    values = {"lesson": lesson, "text": "№ 12", "minutes": 20}
    with pytest.raises(BadInput, match="позже урока"), transaction.atomic():
        set_homework(cast.actor("anna"), course, version=0, chosen_on=lesson.held_on, **values)
    chosen = lesson.held_on + dt.timedelta(days=1)
    homework = set_homework(cast.actor("anna"), course, version=0, chosen_on=chosen, **values)
    assert homework is not None
    assert due_on(homework) == chosen
    derived = set_homework(cast.actor("anna"), course, version=1, **values)
    assert derived is not None
    assert (derived.version, due_on(derived)) == (2, cast.lessons[4].held_on)
