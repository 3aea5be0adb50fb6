"""The short number that a small child types on a device that knows it already (A16)."""

from __future__ import annotations

SHORTEST, LONGEST = 4, 6
WRONG_IN_A_ROW = 5
YOUNG_PARALLEL = 4  # up to this one a PIN is asked for; older pupils may go without
_UP, _DOWN = "0123456789", "9876543210"


def is_pin(typed: str) -> bool:
    """Four to six digits."""
    return typed.isascii() and typed.isdecimal() and SHORTEST <= len(typed) <= LONGEST


def is_weak(pin: str) -> bool:
    """One digit repeated, or a run: what is tried first."""
    return len(set(pin)) == 1 or pin in _UP or pin in _DOWN


def needs_pin(parallel: int | None) -> bool:
    """Whether a child of this parallel must have one; a pupil of no class counts as young."""
    return parallel is None or parallel <= YOUNG_PARALLEL
