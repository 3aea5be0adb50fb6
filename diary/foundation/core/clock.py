"""The only source of the current time, so that tests can set it and schools can live in eleven time zones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings

_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed_now", default=None)


def now() -> dt.datetime:
    """The current moment, aware, in UTC; `settings.CLOCK_OFFSET` moves it (a test may live on another day)."""
    return _fixed.get() or dt.datetime.now(dt.UTC) + settings.CLOCK_OFFSET


def today(timezone: str = "Europe/Moscow") -> dt.date:
    """The current date in a school's time zone."""
    return now().astimezone(ZoneInfo(timezone)).date()


@contextmanager
def fixed(moment: dt.datetime) -> Iterator[None]:
    """Stop the clock at `moment` (aware) inside the block; for tests and the demo generator."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
