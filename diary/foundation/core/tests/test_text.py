"""Russian names: order and short forms."""

from __future__ import annotations

import pytest

from diary.foundation.core.text import full_name, name_key, short_name


def test_yo_stands_with_ye_and_case_does_not_matter() -> None:
    names = ["Яковлев", "ёлкин", "Жуков", "Елкин", "Ёлкин", "Ежов"]
    assert sorted(names, key=name_key) == ["Ежов", "Елкин", "ёлкин", "Ёлкин", "Жуков", "Яковлев"]


@pytest.mark.parametrize(
    ("parts", "full", "short"),
    [
        (("Соколова", "Анна", "Петровна"), "Соколова Анна Петровна", "Соколова А. П."),
        (("Зимин", "Николай", ""), "Зимин Николай", "Зимин Н."),
        (("Ким", "", ""), "Ким", "Ким"),
    ],
)
def test_names_are_joined_without_needless_spaces(parts: tuple[str, str, str], full: str, short: str) -> None:
    assert (full_name(*parts), short_name(*parts)) == (full, short)
