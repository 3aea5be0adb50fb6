"""When homework is due follows the lessons: moved, cancelled, added ones move it, with nothing written (W2)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.people.roster.models import Enrollment
from diary.schoolwork.homework.models import Homework, HomeworkTick
from diary.schoolwork.homework.queries import StudentTask, due_on, student_tasks, tasks_of_lesson
from diary.schoolwork.timetable.models import Lesson
from tests.people import MONDAY, NOW, Cast

DAY = dt.timedelta(days=1)
WEDNESDAY, FRIDAY = MONDAY + 2 * DAY, MONDAY + 4 * DAY


def give(cast: Cast, lesson: Lesson, text: str = "№ 12", chosen_on: dt.date | None = None) -> Homework:
    return Homework.objects.create(
        school=cast.school, course=cast.algebra, given_at=lesson, text=text, chosen_on=chosen_on
    )


def tasks(cast: Cast, first: dt.date = MONDAY, days: int = 7, also_on: dt.date | None = None) -> list[StudentTask]:
    return student_tasks(
        school_id=cast.school.id, student_id=cast.masha.id, first=first, until=first + days * DAY, also_on=also_on
    )


def days(cast: Cast) -> list[dt.date]:
    return [task.due_on for task in tasks(cast, days=30)]


def change(lesson: Lesson, **values: object) -> None:
    Lesson.objects.filter(id=lesson.id).update(**values)


def agree(cast: Cast, homework: Homework, day: dt.date) -> None:
    """The single question, the student's week and the page of the lesson say the same."""
    assert due_on(homework) == day
    assert days(cast) == [day]
    of_lesson = tasks_of_lesson(school_id=cast.school.id, student_id=cast.masha.id, lesson_id=homework.given_at_id)
    assert [one.due_on for one in of_lesson] == [day]


def test_due_at_the_next_lesson(cast: Cast) -> None:
    agree(cast, give(cast, cast.lessons[3]), WEDNESDAY)
    assert tasks(cast)[0].due_at_id == cast.lessons[4].id


def test_cancelled_lesson_moves_it_on_and_restored_brings_it_back(cast: Cast) -> None:
    homework = give(cast, cast.lessons[3])
    change(cast.lessons[4], state=Lesson.State.CANCELLED)
    agree(cast, homework, FRIDAY)
    change(cast.lessons[4], state=Lesson.State.PLANNED)
    agree(cast, homework, WEDNESDAY)


def test_moved_lesson_takes_it_along(cast: Cast) -> None:
    homework = give(cast, cast.lessons[3])
    change(cast.lessons[4], held_on=WEDNESDAY + DAY)
    agree(cast, homework, WEDNESDAY + DAY)


def test_added_lesson_brings_it_forward(cast: Cast) -> None:
    homework = give(cast, cast.lessons[3])
    added = Lesson.objects.get(id=cast.lessons[5].id)
    change(added, held_on=MONDAY + DAY, number=5)
    agree(cast, homework, MONDAY + DAY)


def test_second_lesson_of_the_day_is_a_next_one(cast: Cast) -> None:
    homework = give(cast, cast.lessons[3])
    change(cast.lessons[4], held_on=MONDAY, number=5)
    agree(cast, homework, MONDAY)


def test_without_a_further_lesson_a_week_later(cast: Cast) -> None:
    agree(cast, give(cast, cast.lessons[5]), FRIDAY + 7 * DAY)


def test_day_chosen_by_hand_stays_whatever_happens_to_lessons(cast: Cast) -> None:
    homework = give(cast, cast.lessons[3], chosen_on=FRIDAY)
    agree(cast, homework, FRIDAY)
    assert tasks(cast)[0].due_at_id == cast.lessons[5].id
    change(cast.lessons[5], state=Lesson.State.CANCELLED)
    agree(cast, homework, FRIDAY)
    assert tasks(cast)[0].due_at_id is None


def test_homework_of_a_cancelled_lesson_and_of_the_one_before_meet_at_the_next(cast: Cast) -> None:
    give(cast, cast.lessons[3], "№ 1")
    give(cast, cast.lessons[4], "№ 2")
    change(cast.lessons[4], state=Lesson.State.CANCELLED)
    assert [(task.text, task.due_on) for task in tasks(cast)] == [("№ 1", FRIDAY), ("№ 2", FRIDAY)]


def test_lesson_page_has_what_is_handed_in_and_what_was_given(cast: Cast) -> None:
    given = give(cast, cast.lessons[3], "№ 1")
    give(cast, cast.lessons[4], "№ 2")
    HomeworkTick.objects.create(school=cast.school, homework=given, student=cast.masha, done_at=NOW)
    found = tasks_of_lesson(school_id=cast.school.id, student_id=cast.masha.id, lesson_id=cast.lessons[4].id)
    assert [(one.text, one.is_due_here, one.is_done) for one in found] == [("№ 1", True, True), ("№ 2", False, False)]


def test_only_days_in_the_group_count(cast: Cast) -> None:
    give(cast, cast.lessons[3])
    Enrollment.objects.filter(student_id=cast.masha.id, group_id=cast.class_7a.id).update(until=WEDNESDAY)
    assert tasks(cast) == []


@pytest.mark.parametrize(("first", "also_on", "count"), [(MONDAY + 7 * DAY, None, 0), (MONDAY + 7 * DAY, WEDNESDAY, 1)])
def test_another_day_may_be_asked_for_besides(cast: Cast, first: dt.date, also_on: dt.date | None, count: int) -> None:
    give(cast, cast.lessons[3])
    assert len(tasks(cast, first=first, also_on=also_on)) == count


def test_one_statement_for_one_task_and_for_many(cast: Cast) -> None:
    for lesson in cast.lessons:
        give(cast, lesson)
    with CaptureQueriesContext(connection) as captured:
        assert len(tasks(cast)) == 3
    assert len(captured) == 1
