"""Rights are at a lesson (C7): one table of who may for each way of teaching a course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.foundation.access.actor import Actor
from diary.people.roster.models import Course, CourseTeacher, Staff
from diary.people.roster.policies import Teaching
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import (
    AnotherTeachersLesson,
    can_add_lesson,
    can_change_plan,
    can_teach,
    can_write_in,
    must_teach,
    readable_days,
)
from tests.people import TODAY, USERS, Cast

DAY = dt.timedelta(days=1)


def those_who(cast: Cast, may: Callable[[Actor], object]) -> set[str]:
    return {login for login in USERS if may(cast.actor(login))}


def algebra(cast: Cast) -> Course:
    return Course.objects.select_related("teacher", "group", "school").get(id=cast.algebra.id)


def staff(cast: Cast, login: str) -> Staff:
    return Staff.objects.get(school_id=cast.school.id, external_id=login)


def stand_in(cast: Cast, login: str, lesson: Lesson) -> Lesson:
    lesson.teacher = staff(cast, login)
    lesson.save(update_fields=["teacher_id"])
    return lesson


def hand_over(cast: Cast, login: str, starts_on: dt.date) -> None:
    course = algebra(cast)
    before = course.hand_over(staff(cast, login).id, starts_on=starts_on, year_starts_on=cast.year.starts_on)
    assert before is not None
    before.save(force_insert=True)
    course.save(update_fields=["teacher_id", "teacher_starts_on"])


def beside(cast: Cast, login: str, starts_on: dt.date, until: dt.date | None = None) -> None:
    CourseTeacher.objects.create(
        school=cast.school, course=cast.algebra, staff=staff(cast, login), starts_on=starts_on, until=until
    )


def who_teaches(cast: Cast) -> list[set[str]]:
    """Who may write at each of the six lessons: the third before today, today's and the two after."""
    lessons = Lesson.objects.filter(course_id=cast.algebra.id).order_by("held_on")
    return [those_who(cast, lambda actor, lesson=lesson: can_teach(actor, lesson)) for lesson in lessons]


def test_main_teacher_and_administrator_write_at_every_lesson(cast: Cast) -> None:
    assert who_teaches(cast) == [{"anna", "gleb"}] * 6
    assert those_who(cast, lambda actor: can_write_in(actor, algebra(cast))) == {"anna", "gleb"}


def test_substitute_writes_at_the_own_lesson_and_at_no_other(cast: Cast) -> None:
    stand_in(cast, "boris", cast.lessons[4])
    usual = {"anna", "gleb"}
    assert who_teaches(cast) == [usual, usual, usual, usual, usual | {"boris"}, usual]
    assert those_who(cast, lambda actor: can_write_in(actor, algebra(cast))) == usual | {"boris"}
    assert "boris" not in those_who(cast, lambda actor: can_add_lesson(actor, algebra(cast)))


def test_substitute_still_corrects_after_the_lesson(cast: Cast) -> None:
    assert can_teach(cast.actor("boris"), stand_in(cast, "boris", cast.lessons[0]))


def test_substitute_reads_the_period_of_the_lesson(cast: Cast) -> None:
    lesson = stand_in(cast, "boris", cast.lessons[4])
    assert readable_days(cast.actor("boris"), algebra(cast)) == (Teaching(lesson.held_on, lesson.held_on + DAY),)


def test_former_teacher_reads_the_time_taught_and_writes_nothing(cast: Cast) -> None:
    hand_over(cast, "boris", TODAY)
    assert who_teaches(cast) == [{"boris", "gleb"}] * 4 + [
        # lessons that the plan still gives to Анна are hers as a substitute, until the change of plan takes them over
        {"boris", "gleb", "anna"},
        {"boris", "gleb", "anna"},
    ]
    Lesson.objects.filter(held_on__gte=TODAY).update(teacher_id=staff(cast, "boris").id)
    assert who_teaches(cast) == [{"boris", "gleb"}] * 6
    assert readable_days(cast.actor("anna"), algebra(cast)) == (Teaching(cast.year.starts_on, TODAY),)
    assert readable_days(cast.actor("boris"), algebra(cast)) is None


def test_teacher_of_the_coming_week_waits_for_it(cast: Cast) -> None:
    hand_over(cast, "boris", TODAY + 7 * DAY)
    assert who_teaches(cast) == [{"anna", "gleb"}] * 6
    assert not can_write_in(cast.actor("boris"), algebra(cast))


@pytest.mark.parametrize(
    ("starts_on", "until", "own"),
    [
        (TODAY, None, [True] * 6),
        (TODAY, TODAY + DAY, [True] * 5 + [False]),  # the last lesson is after the last day
        (TODAY - 7 * DAY, TODAY, [False] * 6),
        (TODAY + DAY, None, [False] * 6),
    ],
)
def test_second_teacher_writes_from_the_first_day_until_the_last(
    cast: Cast, starts_on: dt.date, until: dt.date | None, own: list[bool]
) -> None:
    beside(cast, "boris", starts_on, until)
    assert ["boris" in who for who in who_teaches(cast)] == own


def test_role_taken_back_takes_the_lessons_along(cast: Cast) -> None:
    cast.users["anna"].role_grants.all().delete()
    assert who_teaches(cast) == [{"gleb"}] * 6


def test_everything_is_readable_to_office_form_teacher_and_teacher(cast: Cast) -> None:
    course = algebra(cast)
    assert those_who(cast, lambda actor: readable_days(actor, course) is None) == {"anna", "vera", "zoya", "gleb"}
    assert those_who(cast, lambda actor: readable_days(actor, course)) == set()


def test_foreign_lesson_is_refused_in_a_sentence_and_with_403(cast: Cast) -> None:
    own = stand_in(cast, "boris", cast.lessons[4])
    days = {own.id: own.held_on}
    must_teach(cast.actor("boris"), algebra(cast), days)
    with pytest.raises(AnotherTeachersLesson, match="Этот урок ведёте не вы") as refused:
        must_teach(cast.actor("boris"), algebra(cast), days | {cast.lessons[3].id: cast.lessons[3].held_on})
    assert refused.value.status == 403


def test_rights_are_read_as_they_are_now_and_not_as_they_were_loaded(cast: Cast) -> None:
    """Called under a lock, the policy must not believe the row that was read before it."""
    stale = algebra(cast)
    hand_over(cast, "boris", TODAY)
    lesson = cast.lessons[0]
    with pytest.raises(AnotherTeachersLesson):
        must_teach(cast.actor("anna"), stale, {lesson.id: lesson.held_on})


def test_question_takes_one_statement_for_a_teacher_and_two_for_a_substitute(cast: Cast) -> None:
    stand_in(cast, "boris", cast.lessons[4])
    days = {lesson.id: lesson.held_on for lesson in cast.lessons}
    for login, most in (("anna", 1), ("gleb", 0), ("boris", 2)):
        actor, course = cast.actor(login), algebra(cast)
        asked = days if login != "boris" else {cast.lessons[4].id: cast.lessons[4].held_on}
        with CaptureQueriesContext(connection) as captured:
            must_teach(actor, course, asked)
        assert len(captured) == most, login


def test_only_the_office_changes_the_plan(cast: Cast) -> None:
    assert those_who(cast, lambda actor: can_change_plan(actor, algebra(cast))) == {"zoya", "gleb"}
