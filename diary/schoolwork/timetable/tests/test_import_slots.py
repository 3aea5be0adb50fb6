"""The weekly timetable of a school import."""

from __future__ import annotations

import datetime as dt

from diary.people.intake.tests.loading import Load, load, school
from diary.people.intake.tests.made import small_school
from diary.schoolwork.timetable.models import WeeklySlot

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
