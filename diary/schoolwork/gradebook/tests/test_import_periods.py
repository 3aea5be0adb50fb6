"""Dates of periods that an import moves: no mark falls out (F4)."""

from __future__ import annotations

import datetime as dt
import uuid

from diary.foundation.access.actor import system_actor
from diary.people.accounts.models import User
from diary.people.intake.tests.loading import Load, load, school
from diary.people.intake.tests.made import small_school
from diary.people.roster.models import Course, Student
from diary.people.schools.models import School
from diary.schoolwork.gradebook.actions import CellEntry, enter_cells
from diary.schoolwork.gradebook.models import Mark
from diary.schoolwork.timetable.actions import realise_lessons
from diary.schoolwork.timetable.models import Lesson

__all__ = ["load", "school"]

TITLES = ["Учебный год", "Период", "Параллели", "Начало", "Конец"]


def periods(first_until: str, second_from: str) -> dict[str, list[list[str]]]:
    return {
        "Периоды": [
            TITLES,
            ["2026/2027", "1 четверть", "1-9", "01.09.2026", first_until],
            ["2026/2027", "2 четверть", "1-9", second_from, "30.12.2026"],
        ]
    }


def lessons_of_november(load: Load, school: School) -> Lesson:
    """The first lesson of 7А in the second quarter; lessons stand on dates from the 2nd of November."""
    load(small_school())
    actor = system_actor([school.id])
    realise_lessons(actor, school, first=dt.date(2026, 10, 1), until=dt.date(2026, 12, 1))
    return Lesson.objects.filter(course__group__name="7А", held_on__gte=dt.date(2026, 11, 1)).order_by("held_on")[0]


def test_empty_lessons_outside_every_period_go_and_it_is_told(load: Load, school: School) -> None:
    lesson = lessons_of_november(load, school)
    loaded = load(periods("25.10.2026", "16.11.2026"))
    assert loaded.errors == []
    assert any("убран" in one for one in loaded.warnings)
    assert not Lesson.objects.filter(id=lesson.id).exists()


def test_lessons_go_to_the_period_that_has_their_day(load: Load, school: School) -> None:
    lesson = lessons_of_november(load, school)
    loaded = load(periods("15.11.2026", "16.11.2026"))
    assert loaded.errors == []
    assert any("перешл" in one for one in loaded.warnings)
    assert Lesson.objects.get(id=lesson.id).period.name == "1 четверть"


def test_lesson_with_a_mark_stays_in_a_period(load: Load, school: School) -> None:
    lessons_of_november(load, school)
    course = Course.objects.select_related("subject", "group", "teacher", "school").get(group__name="7А")
    lesson = Lesson.objects.get(course=course, held_on=dt.date(2026, 10, 5))
    entry = CellEntry(lesson.id, Student.objects.get(last_name="Сидоров").id, "5", 0, "")
    teacher = User.objects.with_roles().get(id=course.teacher.user_id).as_actor()
    enter_cells(teacher, course, cells=[entry], key=uuid.uuid4())
    loaded = load(periods("01.10.2026", "06.10.2026"))
    assert any("7А, Алгебра, 5 октября" in one and "вне всех периодов" in one for one in loaded.errors), loaded.errors
    assert Lesson.objects.get(id=lesson.id).period.name == "1 четверть"
    assert Mark.objects.get(lesson_id=lesson.id).value == "5"
    assert load(periods("04.10.2026", "05.10.2026")).errors == []
    assert Lesson.objects.get(id=lesson.id).period.name == "2 четверть"
