"""The weekly timetable of a school import."""

from __future__ import annotations

import datetime as dt

from diary.foundation.access.actor import system_actor
from diary.people.intake.tests.loading import Load, load, school
from diary.people.intake.tests.made import small_school
from diary.people.roster.models import Course, CourseTeacher, Staff
from diary.people.schools.models import School
from diary.schoolwork.timetable.actions import realise_lessons
from diary.schoolwork.timetable.models import Lesson, WeeklySlot
from tests.people import TODAY

__all__ = ["load", "school"]


def test_slots_are_written_for_the_whole_year(load: Load) -> None:
    loaded = load(small_school())
    assert loaded.changes["slots"] == (2, 0)
    slot = WeeklySlot.objects.get(course__group__name="7А")
    assert (slot.weekday, slot.number, slot.room.name) == (1, 1, "205")
    assert (slot.starts_on, slot.until) == (dt.date(2026, 9, 1), dt.date(2027, 6, 1))


ONE_ROW = {"Расписание": [["Класс", "Предмет", "День", "Урок"], ["7А", "Алгебра", "вт", "2"]]}


def test_file_of_one_row_changes_what_it_names_only(load: Load) -> None:
    """W2: nothing is removed by silence."""
    load(small_school())
    loaded = load(ONE_ROW)
    assert loaded.changes == {"slots": (1, 0)}
    rows = WeeklySlot.objects.filter(course__group__name="7А").order_by("weekday").values_list("weekday", "until")
    assert list(rows) == [(1, dt.date(2027, 6, 1)), (2, dt.date(2027, 6, 1))]
    assert any("ещё 1 урок по этим курсам" in one for one in loaded.warnings)
    assert loaded.outcome.unnamed_slots == 1


def test_timetable_of_a_course_is_replaced_whole_when_chosen(load: Load) -> None:
    """W2."""
    load(small_school())
    loaded = load(ONE_ROW, replaces_timetable=True)
    assert loaded.changes == {"slots": (1, 0)}
    rows = WeeklySlot.objects.filter(course__group__name="7А").order_by("weekday").values_list("weekday", "until")
    assert list(rows) == [(1, dt.date(2026, 10, 14)), (2, dt.date(2027, 6, 1))]
    assert any("больше нет в файле" in one for one in loaded.notes)
    assert load(small_school()).changes == {"slots": (0, 1)}, "the old slot comes back as the same row"


def test_lesson_on_a_day_without_bells_is_refused_as_by_hand(load: Load) -> None:
    """W2."""
    load(small_school())
    loaded = load({"Расписание": [["Класс", "Предмет", "День", "Урок"], ["7А", "Алгебра", "вс", "1"]]})
    assert any("нет звонка на 1-й урок" in one for one in loaded.errors)


def test_lessons_of_every_other_week_are_passed_over_with_a_word(load: Load) -> None:
    sheets = small_school()
    sheets["Расписание"][0].append("Неделя")
    sheets["Расписание"][1].append("чётная")
    loaded = load(sheets)
    assert loaded.of("slots").skipped == 1
    assert any("Чередование недель" in one for one in loaded.warnings)


def test_replaced_teacher_leaves_no_coming_lesson_and_keeps_those_held(load: Load, school: School) -> None:
    """F5: the file names another teacher; a second run changes nothing, and so does a trial."""
    load(small_school())
    system = system_actor([school.id])
    realise_lessons(system, school, first=dt.date(2026, 9, 1), until=dt.date(2027, 6, 1))
    course = Course.objects.get(group__name="7А")
    former, lessons = course.teacher_id, Lesson.objects.filter(course_id=course.id)
    held, coming = lessons.filter(held_on__lt=TODAY).count(), lessons.filter(held_on__gte=TODAY).count()
    sheets = small_school()
    other = Staff.objects.exclude(id=former).get()
    sheets["Курсы"][1][3] = other.full_name
    trial = load(sheets, dry_run=True)
    assert any(f"передано {coming} урок" in note for note in trial.notes)
    assert lessons.filter(teacher_id=former).count() == held + coming
    assert not load(sheets).errors
    assert lessons.filter(teacher_id=former).count() == held
    assert lessons.filter(teacher_id=other.id).count() == coming
    [row] = CourseTeacher.objects.all()
    assert (row.staff_id, row.until) == (former, TODAY)
    assert load(sheets).of("courses").changed == 0
    assert CourseTeacher.objects.count() == 1
