"""Lessons of a student, a class, a teacher."""

from __future__ import annotations

import datetime as dt

from diary.people.roster.models import Enrollment
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.queries import by_day, group_lessons, student_lessons, teacher_lessons
from tests.people import MONDAY, Cast

SPAN = {"first": MONDAY, "until": MONDAY + dt.timedelta(days=7)}


def test_student_has_lessons_of_class_and_subgroup_once(cast: Cast) -> None:
    Enrollment.objects.create(
        school=cast.school,
        student=cast.masha,
        group=cast.class_7a,
        starts_on=dt.date(2026, 9, 15),
        external_id="again",
    )
    rows = student_lessons(school_id=cast.school.id, student_id=cast.masha.id, **SPAN)
    assert [row.subject for row in rows] == ["Алгебра", "Английский язык", "Русский язык", "Алгебра", "Алгебра"]
    assert (rows[1].group, rows[1].is_subgroup, rows[0].room, rows[0].teacher) == (
        "7А англ. 1",
        True,
        "305",
        "Соколова А. П.",
    )


def test_student_outside_the_subgroup_does_not_have_its_lessons(cast: Cast) -> None:
    rows = student_lessons(school_id=cast.school.id, student_id=cast.petya.id, **SPAN)
    assert "Английский язык" not in [row.subject for row in rows]


def test_class_has_lessons_of_its_subgroups(cast: Cast) -> None:
    rows = group_lessons(school_id=cast.school.id, group_id=cast.class_7a.id, **SPAN)
    assert len(rows) == 5


def test_substituted_lesson_stands_with_both_teachers(cast: Cast) -> None:
    Lesson.objects.filter(id=cast.lessons[4].id).update(teacher_id=cast.english.teacher_id)
    for course in (cast.algebra, cast.english):
        rows = teacher_lessons(school_id=cast.school.id, teacher_id=course.teacher_id, **SPAN)
        assert cast.lessons[4].id in [row.id for row in rows if row.is_replaced and row.is_changed]


def test_week_is_cut_into_six_days(cast: Cast) -> None:
    rows = group_lessons(school_id=cast.school.id, group_id=cast.class_7a.id, **SPAN)
    assert [len(each.lessons) for each in by_day(MONDAY, rows)] == [3, 0, 1, 0, 1, 0]
