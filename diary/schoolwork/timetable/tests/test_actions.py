"""Laying out the weekly pattern, and extra lessons: effect, refusal, audit row."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Conflict
from diary.people.roster.models import Course, CourseTeacher, Group, Staff
from diary.people.schools.models import BellSchedule, GradingPeriod
from diary.schoolwork.timetable.actions import Realised, add_lesson, realise_lessons, replace_teacher
from diary.schoolwork.timetable.models import Lesson, WeeklySlot
from diary.schoolwork.timetable.queries import group_lessons, teacher_lessons
from tests.people import MONDAY, TODAY, Cast

NOVEMBER = (dt.date(2026, 11, 2), dt.date(2026, 11, 14))


def loaded(course: Course) -> Course:
    rows = Course.objects.select_related("subject", "group__home_class", "teacher")
    return rows.get(school_id=course.school_id, id=course.id)


def realise(cast: Cast, who: str = "zoya", first: dt.date = NOVEMBER[0], until: dt.date = NOVEMBER[1]) -> Realised:
    done: Realised = realise_lessons(cast.actor(who), cast.school, first=first, until=until)
    return done


def add(cast: Cast, day: dt.date, number: int, *, course: Course | None = None, who: str = "anna") -> Lesson:
    lesson: Lesson = add_lesson(cast.actor(who), loaded(course or cast.algebra), held_on=day, number=number)
    return lesson


def test_slots_become_lessons_with_bells_room_and_teacher(cast: Cast) -> None:
    done = realise(cast)
    lessons = Lesson.objects.filter(held_on__gte=NOVEMBER[0]).order_by("held_on")
    assert done == Realised(5, ())
    assert [one.held_on.day for one in lessons] == [2, 6, 9, 11, 13]  # 4 November is a holiday
    first = lessons[0]
    assert (first.number, first.starts_at, first.ends_at) == (2, dt.time(9, 25), dt.time(10, 10))
    assert (first.room_id, first.teacher_id, first.period_id) == (
        cast.room.id,
        cast.algebra.teacher_id,
        cast.next_period.id,
    )
    event = AuditEvent.objects.get()
    assert (event.action, event.details["added"]) == ("timetable.realise_lessons", 5)


def test_second_run_adds_nothing(cast: Cast) -> None:
    realise(cast)
    assert realise(cast) == Realised(0, ())
    assert Lesson.objects.filter(held_on__gte=NOVEMBER[0]).count() == 5


def test_days_outside_the_periods_get_no_lessons(cast: Cast) -> None:
    assert realise(cast, first=dt.date(2026, 10, 24), until=dt.date(2026, 11, 2)) == Realised(0, ())


def test_slot_without_a_bell_is_named(cast: Cast) -> None:
    WeeklySlot.objects.filter(weekday=1).update(number=9)
    done = realise(cast)
    assert done.added == 3
    assert done.problems == ("7А, Алгебра: на 9-й урок нет звонка. Добавьте звонок или переставьте урок.",)


def test_parallel_without_periods_is_named(cast: Cast) -> None:
    Group.objects.filter(id=cast.class_7a.id).update(parallel=9)
    done = realise(cast)
    assert done.added == 0
    assert len(done.problems) == 3
    assert "учебные периоды" in done.problems[0]


def test_silent_schedule_gives_way_to_the_one_of_the_same_shift(cast: Cast) -> None:
    BellSchedule.objects.filter(id=cast.bells.id).update(weekdays=[1, 2, 3, 4])
    other = BellSchedule.objects.create(school=cast.school, name="Пятница", shift=1, weekdays=[5], external_id="5")
    other.bells.create(school=cast.school, number=2, starts_at=dt.time(9), ends_at=dt.time(9, 40))
    realise(cast)
    friday = Lesson.objects.get(held_on=dt.date(2026, 11, 6))
    assert friday.starts_at == dt.time(9)


@pytest.mark.parametrize(
    ("first", "until"), [("2026-11-02", "2026-11-02"), ("2026-11-03", "2026-11-02"), ("2026-01-01", "2027-12-31")]
)
def test_empty_or_endless_span_is_refused(cast: Cast, first: str, until: str) -> None:
    with pytest.raises(BadInput), transaction.atomic():
        realise(cast, first=dt.date.fromisoformat(first), until=dt.date.fromisoformat(until))


@pytest.mark.parametrize("who", ["anna", "vera", "tikhon", "lena", "olga", "masha", "chuzhoy_admin"])
def test_only_the_office_of_the_school_lays_out(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        realise(cast, who)


@pytest.mark.parametrize("who", ["anna", "zoya", "gleb"])
def test_extra_lesson(cast: Cast, who: str) -> None:
    lesson = add(cast, MONDAY + dt.timedelta(days=1), 3, who=who)
    assert (lesson.starts_at, lesson.period_id, lesson.teacher_id) == (
        dt.time(10, 20),
        cast.period.id,
        cast.algebra.teacher_id,
    )
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id) == ("timetable.add_lesson", str(lesson.id))


@pytest.mark.parametrize("who", ["boris", "vera", "tikhon", "olga", "masha", "chuzhoy"])
def test_stranger_adds_no_lesson(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        add(cast, MONDAY + dt.timedelta(days=1), 3, who=who)


@pytest.mark.parametrize(
    ("day", "number", "words"),
    [
        ("2026-11-04", 2, "День народного единства"),
        ("2026-10-28", 2, "каникулы"),
        ("2026-10-13", 9, "нет звонка"),
    ],
)
def test_impossible_lesson_is_refused_with_the_reason(cast: Cast, day: str, number: int, words: str) -> None:
    with pytest.raises(BadInput, match=words), transaction.atomic():
        add(cast, dt.date.fromisoformat(day), number)


def test_closed_period_takes_no_lesson(cast: Cast) -> None:
    GradingPeriod.objects.filter(id=cast.period.id).update(closed_at=clock.now())
    with pytest.raises(BadInput, match="закрыт"), transaction.atomic():
        add(cast, MONDAY + dt.timedelta(days=1), 3)


def test_same_lesson_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(Conflict, match="уже есть"), transaction.atomic():
        add(cast, MONDAY, 2)
    Lesson.objects.filter(id=cast.lessons[3].id).update(state=Lesson.State.CANCELLED)
    with pytest.raises(Conflict, match="отменён"), transaction.atomic():
        add(cast, MONDAY, 2)


def test_busy_class_is_refused(cast: Cast) -> None:
    with (
        pytest.raises(Conflict, match=r"Ученики заняты.*Русский язык|Ученики заняты.*Английский язык"),
        transaction.atomic(),
    ):
        add(cast, MONDAY, 3)


def test_busy_subgroup_is_refused(cast: Cast) -> None:
    with pytest.raises(Conflict, match=r"Ученики заняты.*Алгебра"), transaction.atomic():
        add(cast, MONDAY, 2, course=cast.english, who="boris")


def test_busy_teacher_is_refused(cast: Cast) -> None:
    with pytest.raises(Conflict, match="Учитель занят"), transaction.atomic():
        add(cast, MONDAY, 3, course=_second_course_of_vera(cast), who="vera")


def _second_course_of_vera(cast: Cast) -> Course:
    Lesson.objects.filter(course_id=cast.algebra_7b.id).delete()
    return Course.objects.create(
        school=cast.school,
        year=cast.year,
        group=cast.class_7b,
        subject=cast.russian.subject,
        teacher=cast.russian.teacher,
        external_id="7Б русский",
    )


def test_cancelled_lesson_frees_its_time(cast: Cast) -> None:
    Lesson.objects.filter(held_on=MONDAY, number=3).update(state=Lesson.State.CANCELLED)
    assert add(cast, MONDAY, 3).number == 3


def staff(cast: Cast, login: str) -> Staff:
    return Staff.objects.get(school_id=cast.school.id, external_id=login)


def replace(cast: Cast, *, starts_on: dt.date = TODAY, who: str = "zoya", is_trial: bool = False) -> int:
    course = Course.objects.select_related("school", "year", "teacher").get(id=cast.algebra.id)
    count: int = replace_teacher(
        cast.actor(who), course, teacher=staff(cast, "boris"), starts_on=starts_on, is_trial=is_trial
    )
    return count


def test_replaced_teacher_keeps_what_was_held_and_leaves_no_coming_lesson(cast: Cast) -> None:
    """F5: the coming lessons are the new teacher's, and nothing says «замена»."""
    assert replace(cast) == 2
    given = Lesson.objects.filter(course_id=cast.algebra.id).order_by("held_on").values_list("teacher_id", flat=True)
    anna, boris = staff(cast, "anna").id, staff(cast, "boris").id
    assert list(given) == [anna] * 4 + [boris] * 2
    span = {"first": MONDAY - dt.timedelta(days=7), "until": MONDAY + dt.timedelta(days=7)}
    rows = group_lessons(school_id=cast.school.id, group_id=cast.class_7a.id, **span)
    assert [row.is_replaced for row in rows if row.course_id == cast.algebra.id] == [False] * 6
    of_boris = teacher_lessons(school_id=cast.school.id, teacher_id=boris, **span)
    assert sum(row.course_id == cast.algebra.id for row in of_boris) == 2
    event = AuditEvent.objects.get()
    assert (event.action, event.details["lessons"]) == ("timetable.replace_teacher", 2)


def test_lesson_at_which_somebody_stands_in_stays_theirs(cast: Cast) -> None:
    vera = staff(cast, "vera").id
    Lesson.objects.filter(id=cast.lessons[5].id).update(teacher_id=vera)
    assert replace(cast) == 1
    assert Lesson.objects.get(id=cast.lessons[5].id).teacher_id == vera


def test_trial_says_how_many_and_writes_nothing(cast: Cast) -> None:
    assert replace(cast, is_trial=True) == 2
    assert Course.objects.get(id=cast.algebra.id).teacher_id == staff(cast, "anna").id
    assert not CourseTeacher.objects.exists()


def test_course_is_not_handed_over_twice_nor_from_a_past_day(cast: Cast) -> None:
    with pytest.raises(BadInput, match="сегодняшнего"), transaction.atomic():
        replace(cast, starts_on=TODAY - dt.timedelta(days=1))
    replace(cast)
    with pytest.raises(Conflict, match="уже ведёт"), transaction.atomic():
        replace(cast)
    assert CourseTeacher.objects.count() == 1


@pytest.mark.parametrize("who", ["anna", "boris", "vera", "tikhon", "olga", "chuzhoy_admin"])
def test_only_the_office_replaces_a_teacher(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        replace(cast, who=who)
