"""A new weekly timetable replaces the coming lessons and doubles none; what holds something stays and is named (F5)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from diary.foundation.access.actor import system_actor
from diary.foundation.core import clock
from diary.people.intake.tests.loading import Load, load, school
from diary.people.intake.tests.made import small_school
from diary.people.roster.models import Course
from diary.people.schools.models import School
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.timetable.actions import add_lesson, realise_lessons
from diary.schoolwork.timetable.models import Lesson, WeeklySlot
from diary.schoolwork.timetable.replanning import Replanned, replan_lessons
from tests.people import NOW, TODAY, Cast

__all__ = ["load", "school"]

DAY = dt.timedelta(days=1)
TOMORROW = TODAY + DAY
# algebra of 7А moves from Monday's first lesson to Tuesday's second
NEW_WEEK = {"Расписание": [["Класс", "Предмет", "День", "Урок"], ["7А", "Алгебра", "вт", "2"]]}


def lay_out(school: School) -> Course:
    load_span = {"first": dt.date(2026, 9, 1), "until": dt.date(2027, 6, 1)}
    realise_lessons(system_actor([school.id]), school, **load_span)
    return Course.objects.get(school_id=school.id, group__name="7А")


def lessons(course: Course, **only: object) -> list[tuple[int, int]]:
    """(weekday, number) of the lessons from tomorrow on."""
    rows = Lesson.objects.filter(school_id=course.school_id, course_id=course.id, held_on__gte=TOMORROW, **only)
    return [(day.isoweekday(), number) for day, number in rows.values_list("held_on", "number")]


def test_coming_lessons_follow_the_new_timetable_and_none_is_doubled(load: Load, school: School) -> None:
    load(small_school())
    course = lay_out(school)
    held = Lesson.objects.filter(course_id=course.id, held_on__lt=TOMORROW).count()
    mondays = len(lessons(course))
    assert held
    assert mondays
    loaded = load(NEW_WEEK, replaces_timetable=True)
    assert set(lessons(course)) == {(2, 2)}
    assert Lesson.objects.filter(course_id=course.id, held_on__lt=TOMORROW).count() == held
    added = len(lessons(course))
    assert any(f"добавлено {added}, убрано {mondays}" in note for note in loaded.notes)
    again = load(NEW_WEEK, replaces_timetable=True)
    assert len(lessons(course)) == added
    assert not any("Уроки на датах" in note for note in again.notes)


def test_trial_says_the_numbers_and_changes_nothing(load: Load, school: School) -> None:
    load(small_school())
    course = lay_out(school)
    before = lessons(course)
    loaded = load(NEW_WEEK, replaces_timetable=True, dry_run=True)
    assert any(f"убрано {len(before)}" in note for note in loaded.notes)
    assert lessons(course) == before


def test_lesson_with_a_topic_stays_and_is_named(load: Load, school: School) -> None:
    load(small_school())
    course = lay_out(school)
    kept = Lesson.objects.filter(course_id=course.id, held_on__gte=TOMORROW).order_by("held_on")[0]
    LessonTopic.objects.create(school=school, lesson=kept, topic="Дроби")
    loaded = load(NEW_WEEK, replaces_timetable=True)
    assert lessons(course).count((1, 1)) == 1
    [warning] = [one for one in loaded.warnings if "с записями" in one]
    assert f"7А, Алгебра, {kept.held_on.day}" in warning
    assert LessonTopic.objects.get().lesson_id == kept.id


def test_lesson_added_by_hand_stays(load: Load, school: School) -> None:
    load(small_school())
    lay_out(school)
    rows = Course.objects.select_related("group__home_class", "subject", "teacher", "school")
    course = rows.get(school_id=school.id, group__name="7А")
    monday = TODAY + dt.timedelta(days=(8 - TODAY.isoweekday()))
    with clock.fixed(NOW):
        add_lesson(system_actor([school.id]), course, held_on=monday, number=2)
    load(NEW_WEEK, replaces_timetable=True)
    assert lessons(course, is_added=True) == [(1, 2)]


def test_nothing_is_laid_out_for_a_school_that_has_not_laid_out(load: Load) -> None:
    load(small_school())
    load(NEW_WEEK, replaces_timetable=True)
    assert not Lesson.objects.filter(course__group__school__external_id="empty").exists()


def test_row_that_only_adds_removes_nothing(load: Load, school: School) -> None:
    """W2: the file changes what it names."""
    load(small_school())
    course = lay_out(school)
    mondays = len(lessons(course))
    load(NEW_WEEK)
    assert lessons(course).count((1, 1)) == mondays
    assert (2, 2) in lessons(course)


def test_statements_do_not_grow_with_lessons(cast: Cast) -> None:
    realise_lessons(cast.actor("zoya"), cast.school, first=dt.date(2026, 11, 2), until=dt.date(2026, 12, 31))

    def replanned(first: dt.date) -> tuple[Replanned, int]:
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            done = replan_lessons(cast.school.id, [cast.algebra.id], first=first)
            transaction.set_rollback(True)
        return done, len([one for one in captured if "SAVEPOINT" not in one["sql"]])

    WeeklySlot.objects.filter(course_id=cast.algebra.id).update(number=4)
    few, cost = replanned(dt.date(2026, 12, 25))
    many, same = replanned(dt.date(2026, 11, 2))
    assert 0 < few.removed < many.removed
    assert cost == same


def test_two_versions_of_a_slot_do_not_both_last_to_the_end(cast: Cast) -> None:
    slot = WeeklySlot.objects.filter(course_id=cast.algebra.id)[0]
    with pytest.raises(IntegrityError, match="timetable_slot_ends_once"), transaction.atomic():
        WeeklySlot.objects.create(
            school=cast.school,
            course=cast.algebra,
            weekday=slot.weekday,
            number=slot.number,
            starts_on=TOMORROW,
            until=slot.until,
        )
