"""The same thing written differently is the same thing."""

import pytest

from diary.foundation.core.text import plain
from diary.people.roster.rules.class_names import class_key, class_parts


@pytest.mark.parametrize("title", ["7А", "7а", '7 "А"', "7-А", "7 «а» класс", "7A", " 7  А "])
def test_a_class_has_one_key(title: str) -> None:
    assert class_key(title) == "7а"


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("10 физмат", (10, "физмат")),
        ("11", (11, "")),
        ("1Д", (1, "Д")),
        ("10-1", (10, "1")),
        ("1-1", (1, "1")),
        ("11 (соц-гум)", (11, "соц-гум")),
        ("11А (физмат)", (11, "А (физмат)")),
        ("12А", (12, "А")),
        ("класс-комплект 1/2", (1, "2")),
        ("7 кл. А", (7, "А")),
        ("101", None),
        ("13А", None),
        ("подготовительный", None),
    ],
)
def test_a_class_title_has_a_parallel_and_a_letter(title: str, parts: tuple[int, str] | None) -> None:
    assert class_parts(title) == parts


def test_case_yo_and_punctuation_do_not_matter() -> None:
    assert plain("ЁЛКИН-Петров") == plain("елкин петров")


@pytest.mark.parametrize(
    ("one", "other"), [("10-1", "101"), ("1-1", "11"), ("11", "11 (соц-гум)"), ("1/2", "12"), ("2-1", "21")]
)
def test_classes_that_differ_by_a_separator_are_two_classes(one: str, other: str) -> None:
    """F1, F2."""
    assert class_key(one) != class_key(other)


def test_separator_between_digits_is_part_of_a_name() -> None:
    """F1: rooms 1-05 and 105 are two rooms; between letters it is not."""
    assert plain("1-05") != plain("105")
    assert plain("1-05") == plain("1/05")
    assert plain("каб. 7-А") == plain("КАБ 7А")


def test_decomposed_letters_are_the_same_letters() -> None:
    """F9: macOS writes й as two signs."""
    assert plain("Чаи\u0306кин") == plain("Чайкин")
    assert class_key("7И\u0306") == class_key("7Й")
