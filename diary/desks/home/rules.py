"""Formulas of the family's pages: the course of an average, its trend, and the sum behind it (M3, M16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from diary.schoolwork.gradebook.rules import NUMERIC, Weighted, weighted_average

TEST_WEIGHT = Decimal(2)  # a kind of work with this weight or more is announced as a coming test
TREND_STEP = Fraction(1, 10)  # a smaller change of the average is «стабильно»
TREND_MARKS = 3  # fewer marks have no trend


class Running(NamedTuple):
    """Σ mark × weight and Σ weights of the marks so far; both are exact."""

    total: Decimal
    weights: Decimal

    @property
    def average(self) -> Fraction:
        """The weighted average so far, exact."""
        return Fraction(self.total) / Fraction(self.weights)


def running_sums(marks: Iterable[Weighted]) -> list[Running]:
    """What the weighted average was made of after each numeric mark, in the order given."""
    sums: list[Running] = []
    total, weights = Decimal(0), Decimal(0)
    for mark in marks:
        if mark.value in NUMERIC:
            total += NUMERIC[mark.value] * mark.weight
            weights += mark.weight
            sums.append(Running(total, weights))
    return sums


def trend(sums: Sequence[Running]) -> str:
    """«up», «down» or «stable»: the last average against the one before the latest third; «» for too few marks."""
    if len(sums) < TREND_MARKS:
        return ""
    step = sums[-1].average - sums[-1 - max(1, len(sums) // 3)].average
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
    last = running_sums(marks)[-1]
    return AverageSum(lines, plain(last.total), plain(last.weights), average)


def minutes_left(tasks: Iterable[tuple[int, bool]]) -> int:
    """Minutes of the tasks that are not ticked yet; each task is (minutes, is done)."""
    return sum(minutes for minutes, is_done in tasks if not is_done)


def _product(mark: Weighted) -> Decimal | int | None:
    return plain(NUMERIC[mark.value] * mark.weight) if mark.value in NUMERIC else None
