"""The only source of the current time, so that tests can set it and schools can live in eleven time zones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import DateField, DateTimeField, F, Func, Value

COUNTRY = "Europe/Moscow"  # the clock of whoever is in no school yet; a school's own is never guessed
_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed_now", default=None)


def now() -> dt.datetime:
    """The current moment, aware, in UTC; `settings.CLOCK_OFFSET` moves it (a test may live on another day)."""
    return _fixed.get() or dt.datetime.now(dt.UTC) + settings.CLOCK_OFFSET


def today(zone: str) -> dt.date:
    """The current date in a school's time zone (an IANA name: `School.timezone`)."""
    return local(now(), zone).date()


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """An aware moment as the clocks of that time zone show it."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    return moment.astimezone(ZoneInfo(zone))


class TodayIn(Func):
    """The current date in the time zone that a column names (`school__timezone`): for rows of several schools.

    `days` later, if given.
    """

    output_field = DateField()
    arg_joiner = " AT TIME ZONE "

    def __init__(self, column: str, days: int = 0) -> None:
        super().__init__(Value(now(), DateTimeField()), F(column), template=f"((%(expressions)s)::date + {days})")


@contextmanager
def fixed(moment: dt.datetime) -> Iterator[None]:
    """Stop the clock at `moment` (aware) inside the block; for tests and the demo generator."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
