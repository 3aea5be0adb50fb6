"""Formulas of the family's pages: the course of an average, its trend, and the sum behind it (M3, M16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diary.schoolwork.gradebook.rules import NUMERIC, Weighted, weighted_average

TEST_WEIGHT = Decimal(2)  # a kind of work with this weight or more is announced as a coming test
TREND_STEP = Fraction(1, 10)  # a smaller change of the average is «стабильно»
TREND_MARKS = 3  # fewer marks have no trend


def running_averages(marks: Sequence[Weighted]) -> list[Fraction]:
    """The weighted average after each numeric mark, in the order given."""
    averages: list[Fraction] = []
    total, weights = Fraction(0), Fraction(0)
    for mark in marks:
        if mark.value in NUMERIC:
            total += NUMERIC[mark.value] * Fraction(mark.weight)
            weights += Fraction(mark.weight)
            averages.append(total / weights)
    return averages


def trend(averages: Sequence[Fraction]) -> str:
    """«up», «down» or «stable»: the last average against the one before the latest third; «» for too few marks."""
    if len(averages) < TREND_MARKS:
        return ""
    before = averages[-1 - max(1, len(averages) // 3)]
    step = averages[-1] - before
    if abs(step) < TREND_STEP:
        return "stable"
    return "up" if step > 0 else "down"


def plain(value: Decimal | Fraction) -> Decimal | int:
    """A number without needless zeros: 3.00 → 3, 1.50 → 1.5."""
    exact = value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)
    return int(exact) if exact == exact.to_integral_value() else exact.normalize()


@dataclass(frozen=True, slots=True)
class SumLine:
    """One mark in the sum of an average; a mark that does not count has no product."""

    value: str
    weight: Decimal | int
    product: Decimal | int | None


@dataclass(frozen=True, slots=True)
class AverageSum:
    """An average line by line: Σ products / Σ weights."""

    lines: tuple[SumLine, ...]
    total: Decimal | int
    weights: Decimal | int
    average: Fraction


def average_sum(marks: Sequence[Weighted]) -> AverageSum | None:
    """How the weighted average of these marks comes about; None when there is nothing to average."""
    average = weighted_average(marks)
    if average is None:
        return None
    lines = tuple(SumLine(mark.value, plain(mark.weight), _product(mark)) for mark in marks)
    total = sum((Fraction(line.product) for line in lines if line.product is not None), Fraction(0))
    weights = sum((Fraction(mark.weight) for mark in marks if mark.value in NUMERIC), Fraction(0))
    return AverageSum(lines, plain(total), plain(weights), average)


def minutes_left(tasks: Iterable[tuple[int, bool]]) -> int:
    """Minutes of the tasks that are not ticked yet; each task is (minutes, is done)."""
    return sum(minutes for minutes, is_done in tasks if not is_done)


def days_between(first: dt.date, until: dt.date) -> int:
    """Whole days from one date to another."""
    return (until - first).days


def _product(mark: Weighted) -> Decimal | int | None:
    return plain(NUMERIC[mark.value] * mark.weight) if mark.value in NUMERIC else None
