"""A list that a lower room declares and higher rooms fill from their apps.py: the only way up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Things by name, in the order of registration. A name is taken once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._things: dict[str, T] = {}

    def add(self, name: str, thing: T) -> None:
        """Hand a thing in; raises ValueError when the name is taken by another one."""
        if self._things.get(name, thing) != thing:
            raise ValueError(f"{self.what}: the name {name!r} is already taken")
        self._things[name] = thing

    def get(self, name: str) -> T:
        """The thing of that name; KeyError when nobody handed it in."""
        return self._things[name]

    def items(self) -> Iterator[tuple[str, T]]:
        """Names and things."""
        return iter(self._things.items())

    def __iter__(self) -> Iterator[T]:
        return iter(self._things.values())

    def __contains__(self, name: str) -> bool:
        return name in self._things
