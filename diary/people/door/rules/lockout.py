"""The lockout machine of an account (A6): five wrong passwords in a row, thirty minutes, then recovery only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

WRONG_IN_A_ROW = 5
LOCKED_FOR = dt.timedelta(minutes=30)


class Standing(StrEnum):
    """What a login may do now."""

    OPEN = "open"
    LOCKED = "locked"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Guard:
    """What is remembered of a login.

    `tries` counts every password ever taken in for checking, `forgiven` the last of them that a success or a recovery
    has wiped out. A try counts as wrong from the moment it is taken in until it proves right, so that many guesses at
    once cannot be more than five.
    """

    tries: int = 0
    forgiven: int = 0
    locked_until: dt.datetime | None = None

    @property
    def wrong_in_a_row(self) -> int:
        """Wrong passwords since the last success, those still being checked included."""
        return self.tries - self.forgiven

    def standing(self, now: dt.datetime) -> Standing:
        """Whether a password may be tried: when locked, not even the right one."""
        if self.locked_until is None:
            return Standing.OPEN
        return Standing.LOCKED if now < self.locked_until else Standing.RECOVERY


def take_try(guard: Guard, now: dt.datetime) -> tuple[Guard, int | None]:
    """Count a try before its password is checked; its number, or None when the login is not open."""
    if guard.standing(now) is not Standing.OPEN:
        return guard, None
    taken = replace(guard, tries=guard.tries + 1)
    if taken.wrong_in_a_row >= WRONG_IN_A_ROW:
        taken = replace(taken, locked_until=now + LOCKED_FOR)
    return taken, taken.tries


def right_password(guard: Guard, number: int) -> Guard:
    """Try `number` was right: it and those before it are forgiven; those taken in after it still count."""
    forgiving = replace(guard, forgiven=max(guard.forgiven, number))
    return forgiving if forgiving.wrong_in_a_row >= WRONG_IN_A_ROW else replace(forgiving, locked_until=None)


def recovered(guard: Guard) -> Guard:
    """Identity was confirmed: everything is forgiven."""
    return replace(guard, forgiven=guard.tries, locked_until=None)
