"""The only way up: a name is taken once."""

from __future__ import annotations

import pytest

from diary.foundation.core.registry import Registry


def test_things_come_in_the_order_they_were_handed_in() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.add("two", 2)
    registry.add("one", 1)
    assert list(registry) == [2, 1]
    assert registry.get("one") == 1
    assert "two" in registry
    assert "three" not in registry


def test_name_taken_by_another_thing_is_refused_and_the_same_thing_again_is_not() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.add("one", 1)
    registry.add("one", 1)
    with pytest.raises(ValueError, match="numbers: the name 'one' is already taken"):
        registry.add("one", 2)
    assert list(registry) == [1]


def test_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        Registry("numbers").get("one")
