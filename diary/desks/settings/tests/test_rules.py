"""When contacts are due, where an address lies, pages of a list."""

from __future__ import annotations

import datetime as dt

import pytest

from diary.desks.settings.rules import (
    LINES_ON_PAGE,
    RECHECK_AFTER,
    Place,
    as_page,
    is_recheck_due,
    page_bounds,
    page_number,
    place_of_ip,
    shown_phone,
)

NOW = dt.datetime(2026, 10, 14, 9, 0, tzinfo=dt.UTC)
OLD = NOW - RECHECK_AFTER


@pytest.mark.parametrize(
    ("checked_at", "created_at", "is_due"),
    [
        (None, NOW, False),
        (None, OLD, True),
        (OLD, OLD, True),
        (OLD + dt.timedelta(seconds=1), OLD, False),
        (NOW, OLD, False),
    ],
)
def test_contacts_are_looked_at_again_after_half_a_year(
    checked_at: dt.datetime | None, created_at: dt.datetime, is_due: bool
) -> None:
    assert is_recheck_due(NOW, checked_at, created_at) is is_due


@pytest.mark.parametrize(
    ("ip", "mine", "place"),
    [
        ("10.0.0.1", "10.0.0.1", Place.HERE),
        ("10.0.0.1", "10.0.0.2", Place.LOCAL),
        ("fd00::1", "10.0.0.2", Place.LOCAL),
        ("8.8.8.8", "10.0.0.2", Place.OUTSIDE),
        ("8.8.8.8", None, Place.OUTSIDE),
        (None, "10.0.0.2", Place.OUTSIDE),
        (None, None, Place.OUTSIDE),
    ],
)
def test_place_of_an_address(ip: str | None, mine: str | None, place: Place) -> None:
    assert place_of_ip(ip, mine) is place


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("+79161234567", "+7 916 123-45-67"),
        ("olga@example.ru", "olga@example.ru"),
        ("+4915112345", "+4915112345"),
        ("", ""),
    ],
)
def test_phone_is_written_in_groups(address: str, shown: str) -> None:
    assert shown_phone(address).replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", 1), ("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("99999", 10_000), ("9" * 400, 1), ("²", 1), ("1.5", 1)],
)
def test_page_number_of_anything(typed: str, number: int) -> None:
    assert page_number(typed) == number


def test_pages_follow_one_another_without_a_gap() -> None:
    rows = list(range(LINES_ON_PAGE + 5))
    first, second = (as_page(rows[page_bounds(number)], number) for number in (1, 2))
    assert [*first.lines, *second.lines] == rows
    assert (first.has_next, second.has_next) == (True, False)


def test_full_last_page_has_none_after_it() -> None:
    assert not as_page(list(range(LINES_ON_PAGE))[page_bounds(1)], 1).has_next
