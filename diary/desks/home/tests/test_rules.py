"""Formulas of the family's pages."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from diary.desks.home.rules import Running, average_sum, minutes_left, plain, running_sums, trend
from diary.schoolwork.gradebook.rules import Weighted, shown_average


def marks(*pairs: tuple[str, int]) -> list[Weighted]:
    return [Weighted(value, Decimal(weight)) for value, weight in pairs]


def test_running_average_has_a_point_for_each_numeric_mark() -> None:
    found = running_sums(marks(("5", 2), (".", 1), ("3", 1)))
    assert [one.average for one in found] == [Fraction(5), Fraction(13, 3)]


@pytest.mark.parametrize(
    ("averages", "expected"),
    [
        ([], ""),
        ([5, 4], ""),
        ([4, 4, 4], "stable"),
        ([3, 4, 5], "up"),
        ([5, 4, 3], "down"),
        ([4, "4.05", "4.09"], "stable"),
        ([4, 4, "4.1"], "up"),
    ],
)
def test_trend(averages: list[int | str], expected: str) -> None:
    assert trend([Running(Decimal(one), Decimal(1)) for one in averages]) == expected


def test_sum_of_an_average_line_by_line() -> None:
    found = average_sum(marks(("5", 2), (".", 5), ("3", 1)))
    assert found is not None
    assert [(line.value, line.weight, line.product) for line in found.lines] == [
        ("5", 2, 10),
        (".", 5, None),
        ("3", 1, 3),
    ]
    assert (found.total, found.weights, shown_average(found.average)) == (13, 3, "4,33")


def test_nothing_to_average_has_no_sum() -> None:
    assert average_sum(marks((".", 1))) is None


@pytest.mark.parametrize(
    ("value", "expected"), [(Decimal("3.00"), "3"), (Decimal("1.50"), "1.5"), (Decimal("10.00"), "10")]
)
def test_plain_number_has_no_needless_zeros(value: Decimal, expected: str) -> None:
    assert str(plain(value)) == expected


def test_done_tasks_cost_no_minutes() -> None:
    assert minutes_left([(20, False), (30, True), (15, False)]) == 35
