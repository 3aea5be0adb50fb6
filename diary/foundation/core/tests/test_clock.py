"""The clock: aware, settable, in the school's own time zone."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from django.test import override_settings

from diary.foundation.core import clock

EVENING = dt.datetime(2026, 10, 14, 21, 30, tzinfo=dt.UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == dt.timedelta(0)


def test_fixed_clock_stands_and_runs_again_afterwards() -> None:
    with clock.fixed(EVENING):
        assert clock.now() == EVENING
        with clock.fixed(EVENING + dt.timedelta(hours=1)):
            assert clock.now() == EVENING + dt.timedelta(hours=1)
        assert clock.now() == EVENING
    assert clock.now() != EVENING


def test_clock_is_fixed_for_one_line_of_work_only() -> None:
    with clock.fixed(EVENING), ThreadPoolExecutor(1) as pool:
        assert pool.submit(clock.now).result() != EVENING


def test_today_is_the_date_where_the_school_is() -> None:
    with clock.fixed(EVENING):
        assert clock.today("Europe/Kaliningrad") == dt.date(2026, 10, 14)
        assert clock.today("Europe/Moscow") == dt.date(2026, 10, 15)
        assert clock.today("Asia/Kamchatka") == dt.date(2026, 10, 15)


def test_clock_can_be_set_to_another_day_and_goes_on() -> None:
    with override_settings(CLOCK_OFFSET=dt.timedelta(days=-100)):
        assert clock.now() <= dt.datetime.now(dt.UTC) - dt.timedelta(days=100) <= clock.now()
