"""Logins made of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.people.roster.rules.logins import Logins, is_login, login_base
from diary.people.roster.rules.names import PersonName


@pytest.mark.parametrize(
    ("last", "first", "login"),
    [
        ("Щукина", "Анна", "shchukina_a"),
        ("Ёлкин", "Ёж", "elkin_e"),
        ("Мамин-Сибиряк", "Дмитрий", "maminsibiryak_d"),
        ("О’Коннор", "Шон", "okonnor_s"),
        ("Smith", "John", "smith_j"),
        ("Ли", "", "li"),
        ("李", "小", "user"),
        ("Иванов2", "", "ivanov"),
        ("Ъ", "Ь", "user"),
    ],
)
def test_login_is_the_latin_surname_and_initial(last: str, first: str, login: str) -> None:
    assert login_base(PersonName(last, first)) == login


@given(st.text(max_size=100), st.text(max_size=30))
def test_any_name_gives_a_login_that_is_allowed(last: str, first: str) -> None:
    assert is_login(Logins(()).give(PersonName(last, first)))


def test_taken_login_gets_the_next_number_whatever_the_case() -> None:
    logins = Logins(["Petrov_I", "petrov_i2"])
    name = PersonName("Петров", "Иван")
    assert [logins.give(name), logins.give(name)] == ["petrov_i3", "petrov_i4"]


@pytest.mark.parametrize("text", ["", "a b", "анна", "a.b", "a@b", "a" * 65, "a\n"])
def test_other_signs_are_no_login(text: str) -> None:
    assert not is_login(text)
