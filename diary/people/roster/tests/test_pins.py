"""PINs of a child's device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.people.roster.rules.pins import is_pin, is_weak, needs_pin


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("1357", True),
        ("135792", True),
        ("135", False),
        ("1357924", False),
        ("13a5", False),
        ("١٣٥٧", False),
        ("", False),
    ],
)
def test_pin_is_four_to_six_digits(typed: str, fits: bool) -> None:
    assert is_pin(typed) is fits


@pytest.mark.parametrize(
    ("pin", "weak"),
    [("0000", True), ("777777", True), ("1234", True), ("6543", True), ("1357", False), ("1224", False)],
)
def test_what_is_tried_first_is_weak(pin: str, weak: bool) -> None:
    assert is_weak(pin) is weak


@given(st.text(max_size=8))
def test_whatever_is_typed_is_judged(typed: str) -> None:
    assert is_pin(typed) is (4 <= len(typed) <= 6 and set(typed) <= set("0123456789"))


@pytest.mark.parametrize(("parallel", "needed"), [(1, True), (4, True), (5, False), (11, False), (None, True)])
def test_younger_classes_need_a_pin(parallel: int | None, needed: bool) -> None:
    assert needs_pin(parallel) is needed
