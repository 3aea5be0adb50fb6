"""Formulas of marks: the scale, averages, rounding, the hash of a change. Exact decimals only (DOMAIN §3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from django.utils.formats import number_format

from diary.foundation.audit.rules import GENESIS, leaf_hash

FIRST_PREVIOUS = GENESIS  # what stands before the first change of a mark
NUMERIC = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1}
POINT = "."  # «точка»: a work is expected, its mark comes later
VALUES = (*NUMERIC, POINT)
MAX_PLACE = 5  # marks in one cell
LEAST_WEIGHT, MOST_WEIGHT = Decimal("0.1"), Decimal(20)
MAX_COMMENT = 500
MARKLESS_PARALLEL = 1  # the first grade is taught without marks


@dataclass(frozen=True, slots=True)
class Weighted:
    """A mark and its weight."""

    value: str
    weight: Decimal


class HasWeight(Protocol):
    """Whatever can be averaged."""

    @property
    def value(self) -> str: ...
    @property
    def weight(self) -> Decimal: ...


def weighted_average(marks: Iterable[HasWeight]) -> Fraction | None:
    """Σ(mark·weight)/Σweight over numeric marks, exact; None when there is none (DOMAIN §3)."""
    # a Decimal holds 28 digits and a weight has four: these sums are exact, and far faster than those of fractions
    total, weights = Decimal(0), Decimal(0)
    for mark in marks:
        if mark.value in NUMERIC:
            total += NUMERIC[mark.value] * mark.weight
            weights += mark.weight
    return Fraction(total) / Fraction(weights) if weights else None


def half_up(average: Fraction, digits: int = 2) -> Decimal:
    """Round half up to `digits` places: 4.445 → 4.45, never banker's."""
    scale = 10**digits
    whole = (2 * average.numerator * scale + average.denominator) // (2 * average.denominator)
    return Decimal(whole) / scale if digits else Decimal(whole)


def shown_average(average: Fraction | None) -> str:
    """«4,33», in English «4.33»; an empty string when there is nothing to average."""
    if average is None:
        return ""
    return number_format(half_up(average), decimal_pos=2)


def proposed_final(average: Fraction | None) -> str:
    """The whole mark that the ordinary rounding proposes (4.5 → 5); the teacher decides (DOMAIN §3)."""
    return "" if average is None else str(half_up(average, 0))


CONTENT_VERSION = 2  # 2 also holds the names of kinds and the old comment


def change_content(change: Any) -> dict[str, Any]:
    """What of a MarkChange is hashed: everything but the hash itself. `change` has the fields of the model.

    Rows are hashed as they were when they were written: version 1 knew no names of kinds and no old comment.
    """
    content = {
        "school": change.school_id,
        "mark": change.mark_id,
        "version": change.version,
        "lesson": change.lesson_id,
        "student": change.student_id,
        "old": change.old_value,
        "new": change.value,
        "old_weight": f"{change.old_weight:.2f}",
        "weight": f"{change.weight:.2f}",
        "kind": change.kind_id,
        "comment": change.comment,
        "reason": change.reason,
        "by": change.changed_by_id,
        "name": change.changed_by_name,
        "post": change.changed_by_post,
        "at": change.changed_at.isoformat(),
        "previous": bytes(change.previous_hash).hex(),
    }
    if change.content_version == 1:
        return content
    return content | {
        "format": change.content_version,
        "old_kind_name": change.old_kind_name,
        "kind_name": change.kind_name,
        "old_comment": change.old_comment,
    }


def change_hash(change: Any) -> bytes:
    """SHA-256 over the content of a change, which holds the hash of the change before it (M9). 32 bytes."""
    return leaf_hash(change_content(change))


ABSENCE_SIGNS = ("н", "б", "у", "оп")
SEEN_AT_THE_LESSON = ("н", "оп")  # what nobody can know beforehand

# one table for the server and for the journal's script: how signs are spelt, which keys write them, what must be asked
SIGNS: dict[str, Any] = json.loads((Path(__file__).parent / "static/gradebook/signs.json").read_bytes())
_SPELLINGS: dict[str, str] = {way: sign for sign, ways in SIGNS["signs"].items() for way in ways}
_POINTS = frozenset(SIGNS["point"])
_DOUBTFUL: dict[str, list[str]] = SIGNS["doubtful"]
_SEPARATORS, _FRACTION = re.compile(SIGNS["separators"]), re.compile(SIGNS["fraction"])


@dataclass(frozen=True, slots=True)
class CellContent:
    """What stands in one journal cell: marks by place (may hold '' in the middle) and at most one sign."""

    marks: tuple[str, ...] = ()
    sign: str = ""

    @property
    def standing(self) -> tuple[str, ...]:
        """The marks without emptied places."""
        return tuple(mark for mark in self.marks if mark)

    @property
    def text(self) -> str:
        """«4/5», «н», «4/оп»; empty for an empty cell."""
        return "/".join([*self.standing, *([self.sign] if self.sign else [])])


class UnknownSign(ValueError):
    """A token that is neither a mark of the scale nor an attendance sign."""


class DoubtfulSign(ValueError):
    """A token with more than one reading; `choices` are texts of the cell, one for each (F7, F12)."""

    def __init__(self, token: str, text: str, readings: Sequence[str]) -> None:
        super().__init__(token)
        self.choices = tuple(text.replace(token, reading, 1) for reading in readings)

    @property
    def is_fraction(self) -> bool:
        """«4,5»: one mark that does not exist, or two."""
        return _FRACTION.match(str(self)) is not None


def parse_cell(text: str) -> CellContent:
    """Read a cell as typed: «4/5», «4 5», «н», «оп», «4,н».

    Raises UnknownSign with the token it did not understand, and DoubtfulSign with one that it will not guess.
    """
    marks: list[str] = []
    sign = ""
    text = text.strip().lower()
    for token in _tokens(text):
        if token in NUMERIC:
            marks.append(token)
        elif token in _POINTS:
            marks.append(POINT)
        elif token in _SPELLINGS and not sign:
            sign = _SPELLINGS[token]
        elif token in _DOUBTFUL:
            raise DoubtfulSign(token, text, _DOUBTFUL[token])
        elif token.isdecimal() and len(token) > 1 and all(digit in NUMERIC for digit in token):
            marks.extend(token)
        else:
            raise UnknownSign(token)
    if len(marks) > MAX_PLACE:
        raise UnknownSign(text)
    return CellContent(tuple(marks), sign)


def _tokens(text: str) -> Iterator[str]:
    """What separators part; «4,5» without a space could be a fraction and is nobody's to guess."""
    for chunk in _SEPARATORS.split(text):
        if _FRACTION.match(chunk):
            parts = re.split("[.,]", chunk)
            readings = ["/".join(parts), *parts] if all(part in NUMERIC for part in parts) else []
            raise DoubtfulSign(chunk, text, readings)
        yield from filter(None, chunk.split(SIGNS["commas"]))
