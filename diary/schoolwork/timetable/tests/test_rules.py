"""Weeks, holidays, dates of lessons."""

from __future__ import annotations

import datetime as dt

import pytest

from diary.schoolwork.timetable.rules import (
    current_week,
    lesson_days,
    monday_of,
    public_holiday,
    school_days,
    week_from,
    week_label,
)

day = dt.date.fromisoformat
AUTUMN = [(day("2026-09-01"), day("2026-10-24")), (day("2026-11-02"), day("2026-12-31"))]


@pytest.mark.parametrize(("of", "monday"), [("2026-10-12", "2026-10-12"), ("2026-10-18", "2026-10-12")])
def test_monday(of: str, monday: str) -> None:
    assert monday_of(day(of)) == day(monday)


def test_on_sunday_the_diary_opens_at_the_coming_week() -> None:
    assert current_week(day("2026-10-17")) == day("2026-10-12")
    assert current_week(day("2026-10-18")) == day("2026-10-19")


@pytest.mark.parametrize("text", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_unreadable_week_is_the_present_one(text: str) -> None:
    assert week_from(text, day("2026-10-14")) == day("2026-10-12")


def test_week_of_an_address() -> None:
    assert week_from("2026-09-03", day("2026-10-14")) == day("2026-08-31")


def test_school_week_has_six_days() -> None:
    assert [one.isoweekday() for one in school_days(day("2026-10-12"))] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("monday", "label"), [("2026-10-12", "12–17 октября"), ("2026-11-30", "30 ноября – 5 декабря")]
)
def test_label_of_a_week(monday: str, label: str) -> None:
    assert week_label(day(monday)) == label


def test_public_holidays_and_transferred_days_off() -> None:
    assert public_holiday(day("2026-11-04")) == "День народного единства"
    assert public_holiday(day("2026-01-09"))
    assert not public_holiday(day("2026-11-05"))


def test_lessons_stand_on_their_weekday_in_periods_and_not_on_holidays() -> None:
    within = [(day("2026-10-19"), day("2026-11-19"))]
    found = [one.isoformat() for one in lesson_days(3, within, AUTUMN)]
    assert found == ["2026-10-21", "2026-11-11", "2026-11-18"]


def test_spans_are_half_open_and_all_of_them_count() -> None:
    within = [(day("2026-09-07"), day("2026-09-22")), (day("2026-09-01"), day("2026-09-21"))]
    assert list(lesson_days(1, within, AUTUMN)) == [day("2026-09-07"), day("2026-09-14")]


def test_spans_that_do_not_meet_give_no_lessons() -> None:
    within = [(day("2026-09-07"), day("2026-09-10")), (day("2026-09-20"), day("2026-09-30"))]
    assert list(lesson_days(1, within, AUTUMN)) == []
