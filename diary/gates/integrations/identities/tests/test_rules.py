"""Logins made of Russian names keep the rules of A1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.gates.integrations.identities.rules import suggested_login
from diary.people.accounts.rules.formats import broken_login_rules


@pytest.mark.parametrize(
    ("last_name", "first_name", "login"),
    [
        ("Щукина", "Юлия", "shchukina_iu"),
        ("Ёлкин", "Пётр", "elkin_p"),
        ("Подъячева-Ким", "Анна", "podieiacheva_kim_a"),
        ("", "", "user"),
        ("李", "", "user"),
    ],
)
def test_name_becomes_latin_letters(last_name: str, first_name: str, login: str) -> None:
    assert suggested_login(last_name, first_name) == login


def test_later_namesakes_get_a_number() -> None:
    assert suggested_login("Ким", "Анна", 12) == "kim_a12"


@given(st.text(max_size=200), st.text(max_size=5), st.integers(1, 9999))
def test_any_name_gives_a_login_that_keeps_the_rules(last_name: str, first_name: str, number: int) -> None:
    assert broken_login_rules(suggested_login(last_name, first_name, number)) == []
