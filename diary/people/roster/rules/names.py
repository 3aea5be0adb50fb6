"""A person's name in its parts, and how two of them are compared."""

from __future__ import annotations

from dataclasses import dataclass

from diary.foundation.core.text import plain


@dataclass(frozen=True, slots=True)
class PersonName:
    last: str
    first: str
    middle: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.middle) if part)

    @property
    def key(self) -> str:
        return " ".join(plain(part) for part in (self.last, self.first, self.middle) if part)
