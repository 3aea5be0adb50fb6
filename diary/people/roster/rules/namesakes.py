"""Two people who read alike in a list are told apart by what the school knows of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from diary.foundation.core.text import full_name, name_key


class Named(Protocol):
    """Whoever stands in a list by name: a Student, or a row of a query with these values."""

    @property
    def last_name(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def middle_name(self) -> str: ...
    @property
    def birth_date(self) -> dt.date | None: ...


def told_apart(people: Sequence[Named]) -> list[str]:
    """The name of each person as this list shows it, in the same order: «Иванов Олег».

    Who reads like another of the list (case and ё aside) gets the patronymic; who then still does, the birth date as
    well: «Иванов Олег Петрович, 14.03.2013». Of whom nothing more is known the name stays as it is (F8).
    """
    names = [full_name(one.last_name, one.first_name) for one in people]
    for more in (_with_patronymic, _with_birth_date):
        alike = _alike(names)
        names = [
            more(one, name) if name_key(name)[0] in alike else name for one, name in zip(people, names, strict=True)
        ]
    return names


def _alike(names: Iterable[str]) -> set[str]:
    """Keys of the names that stand in the list more than once."""
    return {key for key, times in Counter(name_key(name)[0] for name in names).items() if times > 1}


def _with_patronymic(person: Named, name: str) -> str:
    return full_name(person.last_name, person.first_name, person.middle_name) if person.middle_name else name


def _with_birth_date(person: Named, name: str) -> str:
    return f"{name}, {person.birth_date:%d.%m.%Y}" if person.birth_date else name
