"""The figures of one run and the table that shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table. `bound` says what the issue asks; `is_met` is None for a figure without a bound."""

    what: str
    value: str
    bound: str = ""
    is_met: bool | None = None
    note: str = ""


def at_least(what: str, value: float, least: float, *, dream: float = 0, note: str = "") -> Figure:
    """A ratio that should be high."""
    wish = f"≥ {least:g}" + (f" (мечта {dream:g})" if dream else "")
    return Figure(what, f"{value:.3f}", wish, value >= least, note)


def at_most(what: str, value: float, most: float, *, unit: str = "", digits: int = 0, note: str = "") -> Figure:
    """A cost that should be low."""
    tail = f" {unit}" if unit else ""
    return Figure(what, f"{value:.{digits}f}{tail}", f"≤ {most:g}{tail}", value <= most, note)


def table(figures: Iterable[Figure]) -> str:
    """All lines, aligned; «нет» stands where a bound is missed."""
    answers = {True: "да", False: "НЕТ", None: ""}
    rows = [("что", "получено", "надо", "", "как измерено")]
    rows += [(one.what, one.value, one.bound, answers[one.is_met], one.note) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join([*(row[column].ljust(widths[column]) for column in range(4)), row[4]]).rstrip() for row in rows]
    return "\n".join([lines[0], "─" * max(len(line) for line in lines), *lines[1:]])
