"""The calendar of a school year: grading periods, breaks between them, public holidays (DOMAIN §8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import holidays

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
HALF_YEAR_PARALLELS = frozenset({10, 11})


@dataclass(frozen=True, slots=True)
class Term:
    """A quarter or half-year: [starts_on, ends_until)."""

    number: int
    name: str
    starts_on: dt.date
    ends_until: dt.date


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """One school year. Breaks are (first day, day after the last one)."""

    starts_on: dt.date
    ends_until: dt.date
    breaks: tuple[tuple[dt.date, dt.date], ...]
    first_grade_break: tuple[dt.date, dt.date]
    days_off: frozenset[dt.date]

    @property
    def name(self) -> str:
        """«2026/27»."""
        return f"{self.starts_on.year}/{(self.starts_on.year + 1) % 100:02d}"

    def terms(self, parallel: int) -> tuple[Term, ...]:
        """Quarters for 1–9, half-years for 10–11."""
        autumn, winter, spring = self.breaks
        if parallel in HALF_YEAR_PARALLELS:
            return (
                Term(1, "1 полугодие", self.starts_on, winter[0]),
                Term(2, "2 полугодие", winter[1], self.ends_until),
            )
        return (
            Term(1, "1 четверть", self.starts_on, autumn[0]),
            Term(2, "2 четверть", autumn[1], winter[0]),
            Term(3, "3 четверть", winter[1], spring[0]),
            Term(4, "4 четверть", spring[1], self.ends_until),
        )

    def spells(self, parallel: int) -> tuple[tuple[dt.date, dt.date], ...]:
        """Study without a break longer than a holiday: [first, until)."""
        if parallel != 1 and parallel not in HALF_YEAR_PARALLELS:
            return ((self.starts_on, self.ends_until),)  # the gaps between quarters are the breaks
        edges = [self.starts_on]
        for first, until in sorted(self._breaks(parallel)):
            edges += [first, until]
        edges.append(self.ends_until)
        return tuple(zip(edges[::2], edges[1::2], strict=True))

    def _breaks(self, parallel: int) -> tuple[tuple[dt.date, dt.date], ...]:
        return (*self.breaks, self.first_grade_break) if parallel == 1 else self.breaks

    def school_days(self, parallel: int, days_per_week: int) -> Iterator[dt.date]:
        """Days with lessons, in order."""
        breaks = self._breaks(parallel)
        day = self.starts_on
        while day < self.ends_until:
            is_break = any(first <= day < until for first, until in breaks)
            if day.isoweekday() <= days_per_week and day not in self.days_off and not is_break:
                yield day
            day += DAY


def calendar_of(today: dt.date) -> YearCalendar:
    """The school year that `today` belongs to; in summer, the one that has just ended."""
    year = today.year if today.month >= 9 else today.year - 1
    autumn = _monday_of(dt.date(year, 10, 28))
    spring = _monday_of(dt.date(year + 1, 3, 31))
    february = _monday_of(dt.date(year + 1, 2, 21))
    return YearCalendar(
        starts_on=dt.date(year, 9, 1),
        ends_until=dt.date(year + 1, 5, 27),
        breaks=(
            (autumn, autumn + WEEK),
            (dt.date(year, 12, 31), _monday_of(dt.date(year + 1, 1, 9) + 6 * DAY)),
            (spring, spring + WEEK),
        ),
        first_grade_break=(february, february + WEEK),
        days_off=frozenset(holidays.country_holidays("RU", years=(year, year + 1))),
    )


def _monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
