"""Logins made of names: «Щукина Анна» → shchukina_a, and a number where that is taken (A1)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diary.people.roster.rules.names import PersonName

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)
_LONGEST = 56
_LOGIN = re.compile(r"[A-Za-z0-9_]{1,64}")


def latin(word: str) -> str:
    """Lower-case latin letters and digits; everything else falls out: «Щукин-Петров» → «shchukinpetrov»."""
    letters = "".join(_LATIN.get(letter, letter) for letter in word.lower())
    return re.sub(r"[^a-z0-9]", "", letters)


def login_base(name: PersonName) -> str:
    """The login without a number; never ends with a digit, so that numbers can be told from it."""
    family, initial = latin(name.last), latin(name.first)[:1]
    base = "_".join(part for part in (family[:_LONGEST], initial) if part)
    return base.rstrip("0123456789_") or "user"


def is_login(text: str) -> bool:
    """Whether A1 allows it."""
    return _LOGIN.fullmatch(text) is not None


class Logins:
    """Gives out logins that nobody has; letters' case does not tell two logins apart."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {login.lower() for login in taken}
        self._next: dict[str, int] = {}

    def is_taken(self, login: str) -> bool:
        return login.lower() in self._taken

    def take(self, login: str) -> str:
        """Keep this one for somebody."""
        self._taken.add(login.lower())
        return login

    def give(self, name: PersonName) -> str:
        """«sokolova_a», «sokolova_a2»."""
        base = login_base(name)
        number = self._next.get(base, 1)
        login = base if number == 1 else f"{base}{number}"
        while self.is_taken(login):
            number += 1
            login = f"{base}{number}"
        self._next[base] = number + 1
        return self.take(login)
