"""Read models of the family's pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from diary.desks.home.queries.family import Child, family
from diary.desks.home.queries.lesson import lesson_card
from diary.desks.home.queries.marks import PeriodMarks, chosen_period, period_facts, period_marks
from diary.desks.home.queries.week import DiaryWeek, diary_week, week_facts
from diary.desks.home.tests.scenes import enter, give
from diary.people.notifications.actions import mark_seen
from diary.people.notifications.models import Notification
from diary.people.roster.models import Enrollment, Guardian, Student
from diary.schoolwork.attendance.models import AttendanceSign
from diary.schoolwork.gradebook.models import LessonWork
from diary.schoolwork.homework.models import HomeworkTick
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.timetable.models import Lesson
from tests.people import MONDAY, NOW, Cast


def masha(cast: Cast, reader: str = "masha") -> Child:
    return next(child for child in family(cast.actor(reader)) if child.id == cast.masha.id)


def week(cast: Cast, monday: dt.date = MONDAY, reader: str = "masha") -> DiaryWeek:
    return diary_week(week_facts(masha(cast, reader), reader_id=cast.users[reader].id, monday=monday))


def table(child: Child) -> PeriodMarks:
    period = chosen_period(child, None)
    assert period is not None
    return period_marks(period_facts(child, period, reader_id=None))


def subjects(found: DiaryWeek, day: int) -> list[str]:
    return [one.lesson.subject for one in found.days[day].lessons]


def test_family_of_a_parent_spans_schools_and_names_classes(cast: Cast) -> None:
    found = [(child.name, child.class_name, child.may_act) for child in family(cast.actor("olga"))]
    assert found == [("Иванова Мария", "7А", True), ("Дальняя Ульяна", "7А", True)]


@pytest.mark.parametrize("who", ["olga", "pavel", "igor", "masha", "petya", "anna", "gleb", "chuzhoy"])
def test_family_is_whom_the_policy_of_students_names(cast: Cast, who: str) -> None:
    actor = cast.actor(who)
    named = Student.objects.family_of(actor).values_list("id", flat=True)
    assert sorted(child.id for child in family(actor)) == sorted(named)


@pytest.mark.parametrize("who", ["anna", "zoya", "gleb", "tikhon"])
def test_staff_have_no_family_by_their_post(cast: Cast, who: str) -> None:
    assert family(cast.actor(who)) == []


def test_right_to_read_gives_no_right_to_act(cast: Cast) -> None:
    Guardian.objects.filter(user=cast.users["pavel"]).update(rights=Guardian.Rights.READ)
    assert [child.may_act for child in family(cast.actor("pavel"))] == [False]


def test_ended_or_empty_link_opens_nothing(cast: Cast) -> None:
    Guardian.objects.filter(user=cast.users["pavel"]).update(until=NOW.date())
    Guardian.objects.filter(user=cast.users["igor"]).update(rights=Guardian.Rights.NONE)
    assert family(cast.actor("pavel")) == family(cast.actor("igor")) == []


def test_week_holds_lessons_of_the_class_and_of_the_subgroup(cast: Cast) -> None:
    found = week(cast)
    assert subjects(found, 0) == ["Алгебра", "Английский язык", "Русский язык"]
    assert [len(day.lessons) for day in found.days] == [3, 0, 1, 0, 1, 0]
    assert [day.is_today for day in found.days].index(True) == 2


def test_lessons_of_a_group_are_shown_only_for_days_of_membership(cast: Cast) -> None:
    Enrollment.objects.filter(student_id=cast.masha.id, group_id=cast.class_7a.id).update(
        until=MONDAY + dt.timedelta(days=2)
    )
    found = week(cast)
    assert [len(day.lessons) for day in found.days] == [3, 0, 0, 0, 0, 0]


def test_homework_stands_at_the_lesson_it_is_due_at(cast: Cast) -> None:
    given = give(cast, "№ 12, 14", given=cast.lessons[3])
    HomeworkTick.objects.create(school=cast.school, homework=given, student=cast.masha, done_at=NOW)
    (task,) = week(cast).days[2].lessons[0].tasks
    assert (task.text, task.minutes, task.is_done) == ("№ 12, 14", 25, True)


def test_homework_without_its_lesson_stands_in_the_day(cast: Cast) -> None:
    give(cast, "Доклад", given=cast.lessons[3], chosen_on=MONDAY + dt.timedelta(days=3))
    assert [task.text for task in week(cast).days[3].tasks] == ["Доклад"]


def test_homework_of_a_lesson_laid_out_later_finds_it_by_day(cast: Cast) -> None:
    give(cast, "§ 5", given=cast.lessons[3], chosen_on=cast.lessons[5].held_on)
    assert [task.text for task in week(cast).days[4].lessons[0].tasks] == ["§ 5"]


def test_emptied_homework_is_not_shown(cast: Cast) -> None:
    give(cast, "", given=cast.lessons[3])
    assert week(cast).days[2].lessons[0].tasks == ()


def test_new_mark_glows_for_each_reader_until_seen(cast: Cast) -> None:
    (mark,) = enter(cast, "5")
    assert week(cast).days[0].new_count == week(cast, reader="olga").days[0].new_count == 1
    mark_seen(cast.actor("olga"), cast.masha, about_ids=[mark.id])
    assert week(cast).days[0].new_count == 1
    assert week(cast, reader="olga").days[0].new_count == 0


def test_mark_and_sign_stand_at_their_lesson(cast: Cast) -> None:
    enter(cast, "4/5 оп")
    algebra = week(cast).days[0].lessons[0]
    assert ([mark.value for mark in algebra.marks], algebra.sign) == (["4", "5"], "оп")
    assert algebra.marks[0].kind == "Ответ на уроке"


def test_emptied_mark_and_marks_of_others_are_not_shown(cast: Cast) -> None:
    enter(cast, "4")
    enter(cast, "", version=1, reason="mistake")
    enter(cast, "2", student=cast.petya)
    assert week(cast).days[0].lessons[0].marks == ()


def test_changes_are_marked(cast: Cast) -> None:
    Lesson.objects.filter(id=cast.lessons[4].id).update(state=Lesson.State.CANCELLED)
    Lesson.objects.filter(id=cast.lessons[5].id).update(teacher_id=cast.russian.teacher_id)
    found = week(cast)
    assert found.days[2].lessons[0].lesson.is_cancelled
    assert found.days[4].lessons[0].lesson.is_replaced
    assert found.days[4].lessons[0].lesson.teacher == "Лебедева В. Н."


def test_ahead_names_the_next_school_day_its_minutes_and_the_next_test(cast: Cast) -> None:
    give(cast, "№ 20", given=cast.lessons[4])
    LessonWork.objects.create(school=cast.school, lesson=cast.lessons[5], kind=cast.test_work)
    ahead = week(cast).ahead
    assert (ahead.day, ahead.is_tomorrow, ahead.minutes) == (cast.lessons[5].held_on, False, 25)
    assert ahead.test is not None
    assert (ahead.test.subject, ahead.test.kind) == ("Алгебра", "Контрольная работа")


def test_vacation_week_says_when_school_begins_again(cast: Cast) -> None:
    found = week(cast, dt.date(2026, 10, 26))
    assert found.is_empty
    assert found.days[0].is_vacation
    assert found.back_to_school_on == dt.date(2026, 11, 2)


def test_public_holiday_has_its_name(cast: Cast) -> None:
    assert week(cast, dt.date(2026, 11, 2)).days[2].holiday == "День народного единства"


def test_marks_of_a_period_by_subject_with_the_sum(cast: Cast) -> None:
    LessonWork.objects.create(school=cast.school, lesson=cast.lessons[0], kind=cast.test_work)
    enter(cast, "5", lesson=cast.lessons[0])
    enter(cast, "4 .")
    found = table(masha(cast))
    assert [one.subject for one in found.subjects] == ["Алгебра", "Английский язык", "Русский язык"]
    algebra = found.subjects[0]
    assert (algebra.average, algebra.proposed, len(algebra.marks)) == (Decimal("4.75"), "5", 3)
    assert algebra.sum is not None
    assert (algebra.sum.total, algebra.sum.weights) == (19, 4)
    assert found.dates == (cast.lessons[0].held_on, MONDAY)


def test_marks_of_the_former_class_are_shown_in_the_new_one(cast: Cast) -> None:
    enter(cast, "5")
    Enrollment.objects.filter(student_id=cast.masha.id, group_id=cast.class_7a.id).update(until=dt.date(2026, 10, 13))
    Enrollment.objects.create(
        school=cast.school, student=cast.masha, group=cast.class_7b, starts_on=dt.date(2026, 10, 13), external_id="x"
    )
    child = masha(cast)
    assert child.class_name == "7Б"
    assert [one.average for one in table(child).subjects if one.subject == "Алгебра"] == [Decimal("5.00")]


def test_period_of_another_parallel_is_not_opened(cast: Cast) -> None:
    for wanted in (None, cast.first_grade_period.id):
        period = chosen_period(masha(cast), wanted)
        assert period is not None
        assert period.id == cast.period.id


def test_lesson_card_has_topic_homework_sign_and_history_but_no_private_note(cast: Cast) -> None:
    lesson = cast.lessons[3]
    LessonTopic.objects.create(school=cast.school, lesson=lesson, topic="Дроби", note="Маша списывает")
    give(cast, "№ 1", given=cast.lessons[2], chosen_on=lesson.held_on)
    give(cast, "№ 2", given=lesson)
    AttendanceSign.objects.create(
        school=cast.school, lesson=lesson, student=cast.masha, sign="оп", set_by_id=1, set_by_name="", set_at=NOW
    )
    enter(cast, "4/оп", version=1)
    enter(cast, "5/оп", version=2, reason="recheck")
    card = lesson_card(masha(cast), reader_id=None, lesson_id=lesson.id)
    assert card is not None
    assert (card.topic, card.sign, card.teacher) == ("Дроби", "оп", "Соколова Анна Петровна")
    assert [(task.text, task.is_due_here) for task in card.tasks] == [("№ 1", True), ("№ 2", False)]
    (story,) = card.marks
    assert [(one.old_value, one.value, one.reason) for one in story.changes] == [
        ("", "4", "first"),
        ("4", "5", "recheck"),
    ]
    assert "списывает" not in repr(card)


def test_lesson_of_another_class_has_no_card(cast: Cast) -> None:
    other = Lesson.objects.get(course_id=cast.algebra_7b.id)
    assert lesson_card(masha(cast), reader_id=None, lesson_id=other.id) is None
    assert Notification.objects.count() == 0
