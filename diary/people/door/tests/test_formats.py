"""Formats of what people type (A1–A3), and devices in words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.people.accounts.rules.formats import (
    broken_login_rules,
    broken_name_rules,
    broken_password_rules,
    broken_phone_rules,
    grouped_number,
    masked_email,
    masked_phone,
    new_number,
    read_number,
)
from diary.people.door.guarding.passwords import login_problems, password_problems, phone_problems
from diary.people.door.rules.devices import device_of


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Diary-2026!", []),
        ("Дневник-26", []),
        ("A1-bcde", ["short"]),
        ("a1-bcdefg", ["no_upper"]),
        ("A1-BCDEFG", ["no_lower"]),
        ("Abcdefg-h", ["no_digit"]),
        ("Abcdefgh1", ["no_special"]),
        ("Abc def-1", ["space"]),
        ("Abc\u00a0def-1", ["space"]),
        ("Qwerty123!", ["common"]),
        ("Pass.word1", ["common"]),
        ("Anna_26-xY", ["like_login"]),
        ("", ["short", "no_upper", "no_lower", "no_digit", "no_special"]),
        ("Aa1-" + "x" * 125, ["long"]),
    ],
)
def test_password_rules(password: str, broken: list[str]) -> None:
    assert broken_password_rules(password, "anna_26", frozenset({"qwerty123", "password"})) == broken
    assert len(password_problems("Qwerty123!")) == 1


@pytest.mark.parametrize(
    ("typed", "broken"),
    [
        ("9161234567", []),
        ("+79161234567", ["phone_plus", "phone_length"]),
        ("89161234567", ["phone_length"]),
        ("916 123 4567", ["phone_spaces"]),
        ("916-123-45-67", ["phone_letters"]),
        ("91612345", ["phone_length"]),
        ("", ["phone_length"]),
        ("９１６１２３４５６７", ["phone_letters", "phone_length"]),
    ],
)
def test_phone_rules(typed: str, broken: list[str]) -> None:
    assert broken_phone_rules(typed) == broken
    assert len(phone_problems(typed)) == len(broken)


@pytest.mark.parametrize(
    "name", ["Мамин-Сибиряк", "д’Артаньян", "O'Neill", "Ким Чен", "Ы", "Оглы А.", "Müller", "Ёлкин"]
)
def test_name_of_any_alphabet_is_a_name(name: str) -> None:
    assert broken_name_rules(name) == []
    assert broken_name_rules(unicodedata.normalize("NFD", name)) == []


@pytest.mark.parametrize("typed", ["Ив4н", "😀", "-", "<b>", "a\u202eb", "a@b", "1"])
def test_what_is_no_name(typed: str) -> None:
    assert broken_name_rules(typed) == ["name_signs"]


@given(st.text())
def test_login_that_keeps_the_rules_is_latin(login: str) -> None:
    if not broken_login_rules(login):
        assert login.isascii()
        assert login.replace("_", "a").isalnum()
    else:
        assert login_problems(login)


@given(st.text(max_size=40))
def test_anything_typed_for_a_phone_is_judged(typed: str) -> None:
    assert bool(broken_phone_rules(typed)) != (len(typed) == 10 and typed.isascii() and typed.isdigit())


def test_number_is_random_grouped_and_read_back() -> None:
    numbers = {new_number() for _one in range(200)}
    assert len(numbers) == 200
    for number in numbers:
        assert len(number) == 12
        assert number[0] != "0"
        assert read_number(grouped_number(number)) == number
    assert grouped_number("123456789012") == "1234 5678 9012"


def test_masks_show_enough_to_know_ones_own() -> None:
    assert masked_phone("+79161234567") == "+7 ··· ···-45-67"
    assert (masked_phone(""), masked_email(""), masked_email("olga@example.ru")) == ("", "", "o···@example.ru")


@pytest.mark.parametrize(
    ("agent", "name", "kind"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; x64) Chrome/130.0 Safari/537.36", "Chrome, Windows", "computer"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows", "computer"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox, Linux", "computer"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iOS", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPadOS", "tablet"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome, Android", "phone"),
        ("Mozilla/5.0 (Linux; Android 14; Tab) Chrome/130.0 Safari/537.36", "Chrome, Android", "tablet"),
        ("Mozilla/5.0 (Macintosh; Mac OS X) Chrome/128 YaBrowser/24.10 Safari/5", "Яндекс Браузер, macOS", "computer"),
        ("curl/8", "", "other"),
        ("", "", "other"),
        ("x" * 100_000, "", "other"),
    ],
)  # fmt: skip
def test_device_in_words(agent: str, name: str, kind: str) -> None:
    assert (device_of(agent).name, device_of(agent).kind) == (name, kind)
