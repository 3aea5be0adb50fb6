"""Namesakes of one list can be told apart (F8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from diary.people.roster.rules.namesakes import told_apart


@dataclass(frozen=True)
class Person:
    last_name: str
    first_name: str
    middle_name: str = ""
    birth_date: dt.date | None = None


MARCH, MAY = dt.date(2013, 3, 14), dt.date(2013, 5, 2)


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ([], []),
        ([Person("Иванов", "Олег", "Петрович", MARCH)], ["Иванов Олег"]),
        (
            [Person("Иванов", "Олег", "Петрович"), Person("Зимин", "Ян"), Person("Иванов", "Олег", "Ильич")],
            ["Иванов Олег Петрович", "Зимин Ян", "Иванов Олег Ильич"],
        ),
        (
            [Person("Иванов", "Олег", "Петрович", MARCH), Person("Иванов", "Олег", "Петрович", MAY)],
            ["Иванов Олег Петрович, 14.03.2013", "Иванов Олег Петрович, 02.05.2013"],
        ),
        ([Person("Иванов", "Олег", "", MARCH), Person("Иванов", "Олег")], ["Иванов Олег, 14.03.2013", "Иванов Олег"]),
        ([Person("Иванов", "Олег", "Ильич"), Person("Иванов", "Олег")], ["Иванов Олег Ильич", "Иванов Олег"]),
        (
            [Person("Ёлкин", "Пётр", "Ильич"), Person("Елкин", "Петр", "Львович")],
            ["Ёлкин Пётр Ильич", "Елкин Петр Львович"],
        ),
        ([Person("Иванов", "Олег"), Person("Иванов", "Олег")], ["Иванов Олег", "Иванов Олег"]),
    ],
)
def test_who_reads_alike_gets_patronymic_then_birth_date(people: list[Person], names: list[str]) -> None:
    assert told_apart(people) == names
