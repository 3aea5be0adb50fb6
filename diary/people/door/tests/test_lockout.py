"""The lockout machine (A6): tables, then every order of events that hypothesis can think of."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from diary.people.door.rules.lockout import (
    LOCKED_FOR,
    WRONG_IN_A_ROW,
    Guard,
    Standing,
    recovered,
    right_password,
    take_try,
)

START = dt.datetime(2026, 10, 14, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def after(events: str) -> tuple[Guard, Standing]:
    """w wrong, r right password, m 10 minutes pass, u recovery."""
    guard, now = Guard(), START
    for event in events:
        if event == "m":
            now += 10 * MINUTE
        elif event == "u":
            guard = recovered(guard)
        else:
            guard, number = take_try(guard, now)
            if event == "r" and number is not None:
                guard = right_password(guard, number)
    return guard, guard.standing(now)


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        ("", "open"),
        ("wwww", "open"),
        ("wwwww", "locked"),
        ("wwwwr", "open"),
        ("wwwwrwwww", "open"),
        ("wwwwrwwwww", "locked"),
        ("wwwwwr", "locked"),
        ("wwwwwmm", "locked"),
        ("wwwwwmmm", "recovery"),
        ("wwwwwmmmr", "recovery"),
        ("wwwwwmmmmmmmmmmmm", "recovery"),
        ("wwwwwu", "open"),
        ("wwwwwmmmu", "open"),
        ("wwwwwuwwww", "open"),
        ("wwwwwuwwwww", "locked"),
        ("wmwmwmwmw", "locked"),
        ("wwwwwwwwwwmm", "locked"),
    ],
)
def test_table(events: str, standing: str) -> None:
    assert after(events)[1] == standing


def test_lock_lasts_exactly_thirty_minutes_from_the_fifth_try() -> None:
    guard, _standing = after("wwmwwmwmm")
    assert guard.locked_until == START + 20 * MINUTE + LOCKED_FOR


def test_right_password_among_many_at_once_forgives_those_taken_in_before_it() -> None:
    """Three tries are being checked at once; the second is right; two more come."""
    guard = Guard()
    numbers = []
    for _try in range(3):
        guard, number = take_try(guard, START)
        numbers.append(number)
    guard = right_password(guard, numbers[1])  # type: ignore[arg-type]
    assert guard.wrong_in_a_row == 1
    for _try in range(4):
        guard, number = take_try(guard, START)
        assert number is not None
    assert guard.standing(START) is Standing.LOCKED


class Door(RuleBasedStateMachine):
    """Two people at one door, a moving clock, and guesses whose check takes its time.

    The model is the sentence of the requirement: a list of what was decided, in the order in which tries were taken in.
    """

    @initialize()
    def begin(self) -> None:
        self.now = START
        self.guards = {"anna": Guard(), "boris": Guard()}
        self.row: dict[str, list[str]] = {"anna": [], "boris": []}  # «?» being checked, «w», «r»
        self.being_checked: list[tuple[str, int, int]] = []
        self.locked_at: dict[str, dt.datetime | None] = {"anna": None, "boris": None}

    @rule(who=st.sampled_from(["anna", "boris"]))
    def knock(self, who: str) -> None:
        before, other = self.guards[who], "boris" if who == "anna" else "anna"
        untouched = self.guards[other]
        self.guards[who], number = take_try(before, self.now)
        assert self.guards[other] == untouched
        assert (number is None) == (self.locked_at[who] is not None)
        if number is None:
            assert self.guards[who] == before
            return
        self.row[who].append("?")
        self.being_checked.append((who, number, len(self.row[who]) - 1))
        if self.wrong_at_the_end(who) >= WRONG_IN_A_ROW:
            self.locked_at[who] = self.now

    @precondition(lambda self: self.being_checked)
    @rule(data=st.data(), is_right=st.booleans())
    def decide(self, data: st.DataObject, is_right: bool) -> None:
        who, number, place = self.being_checked.pop(data.draw(st.integers(0, len(self.being_checked) - 1)))
        self.row[who][place] = "r" if is_right else "w"
        if is_right:
            self.guards[who] = right_password(self.guards[who], number)
            if self.wrong_at_the_end(who) < WRONG_IN_A_ROW:
                self.locked_at[who] = None

    @rule(minutes=st.integers(0, 45))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(who=st.sampled_from(["anna", "boris"]))
    def recover(self, who: str) -> None:
        self.guards[who] = recovered(self.guards[who])
        self.row[who].append("r")  # like a right password that was taken in now
        self.locked_at[who] = None

    def wrong_at_the_end(self, who: str) -> int:
        """Tries since the last right one, those still being checked included."""
        row = "".join(self.row[who])
        return len(row) - (row.rfind("r") + 1)

    @invariant()
    def nobody_has_more_than_five_open_guesses(self) -> None:
        for who in getattr(self, "guards", {}):
            assert self.wrong_at_the_end(who) <= WRONG_IN_A_ROW

    @invariant()
    def standing_is_what_the_requirement_says(self) -> None:
        for who, guard in getattr(self, "guards", {}).items():
            locked_at = self.locked_at[who]
            meant = Standing.OPEN
            if locked_at is not None:
                meant = Standing.LOCKED if self.now < locked_at + LOCKED_FOR else Standing.RECOVERY
            assert guard.standing(self.now) is meant


TestDoor = Door.TestCase
TestDoor.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
