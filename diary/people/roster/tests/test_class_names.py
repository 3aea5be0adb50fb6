"""The same thing written differently is the same thing."""

import pytest

from diary.foundation.core.text import plain
from diary.people.roster.rules.class_names import class_key, class_parts


@pytest.mark.parametrize("title", ["7А", "7а", '7 "А"', "7-А", "7 «а» класс", "7A", " 7  А "])
def test_a_class_has_one_key(title: str) -> None:
    assert class_key(title) == "7а"


@pytest.mark.parametrize(
    ("title", "parts"), [("10 физмат", (10, "физмат")), ("11", (11, "")), ("1Д", (1, "Д")), ("подготовительный", None)]
)
def test_a_class_title_has_a_parallel_and_a_letter(title: str, parts: tuple[int, str] | None) -> None:
    assert class_parts(title) == parts


def test_case_yo_and_punctuation_do_not_matter() -> None:
    assert plain("ЁЛКИН-Петров") == plain("елкин петров")
