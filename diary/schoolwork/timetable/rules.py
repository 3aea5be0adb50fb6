"""Days of school: weeks, public holidays, and the dates on which a weekly slot becomes a lesson."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import holidays
from django.utils.formats import date_format
from django.utils.translation import get_language

WEEK = dt.timedelta(days=7)
SCHOOL_DAYS = 6  # Monday to Saturday
SUNDAY = 7
YEARS_SHOWN = range(2000, 2100)

Span = tuple[dt.date, dt.date]  # [first, until)


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the week of `day`."""
    return day - dt.timedelta(days=day.isoweekday() - 1)


def current_week(today: dt.date) -> dt.date:
    """The Monday of the week that a diary opens at: on Sunday already the coming one."""
    return monday_of(today + dt.timedelta(days=1)) if today.isoweekday() == SUNDAY else monday_of(today)


def week_from(text: str, today: dt.date) -> dt.date:
    """The Monday of the week that an address names («2026-11-25»); the current week when it names none."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return current_week(today)
    return monday_of(day) if day.year in YEARS_SHOWN else current_week(today)


def school_days(monday: dt.date) -> tuple[dt.date, ...]:
    """Monday to Saturday."""
    return tuple(monday + dt.timedelta(days=offset) for offset in range(SCHOOL_DAYS))


def week_label(monday: dt.date) -> str:
    """«12–17 октября», «30 ноября – 5 декабря»."""
    last = monday + dt.timedelta(days=SCHOOL_DAYS - 1)
    if monday.month == last.month:
        return f"{monday.day}–{date_format(last, 'j E')}"
    return f"{date_format(monday, 'j E')} – {date_format(last, 'j E')}"


@lru_cache(maxsize=64)
def _holidays_of(year: int, language: str) -> Mapping[dt.date, str]:
    found = holidays.country_holidays("RU", years=[year], language=language)
    return {day: str(name) for day, name in found.items()}


def public_holiday(day: dt.date) -> str:
    """The public holiday (transferred days off included) in the reader's language; '' on an ordinary day."""
    language = "en_US" if (get_language() or "").startswith("en") else "ru"
    return _holidays_of(day.year, language).get(day, "")


def lesson_days(weekday: int, within: Sequence[Span], periods: Sequence[Span]) -> Iterator[dt.date]:
    """Dates of this weekday (1 = Monday) in every span of `within` and in some period, public holidays left out."""
    first, until = max(span[0] for span in within), min(span[1] for span in within)
    day = first + dt.timedelta(days=(weekday - first.isoweekday()) % 7)
    while day < until:
        if any(start <= day < end for start, end in periods) and not public_holiday(day):
            yield day
        day += WEEK
