"""Formulas of marks against exact arithmetic, and the vectors of DOMAIN §3."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.schoolwork.gradebook import rules
from diary.schoolwork.gradebook.rules import (
    ABSENCE_SIGNS,
    FIRST_PREVIOUS,
    MAX_PLACE,
    NUMERIC,
    POINT,
    VALUES,
    CellContent,
    DoubtfulSign,
    UnknownSign,
    Weighted,
    change_hash,
    half_up,
    parse_cell,
    proposed_final,
    shown_average,
    weighted_average,
)

weights = st.decimals(min_value="0.01", max_value=20, places=2)
marks = st.lists(st.builds(Weighted, st.sampled_from([*VALUES, ""]), weights), max_size=40)
averages = st.fractions(min_value=1, max_value=5, max_denominator=10_000)
contents = st.builds(
    CellContent,
    st.lists(st.sampled_from(VALUES), max_size=MAX_PLACE).map(tuple),
    st.sampled_from(["", *ABSENCE_SIGNS]),
)


def weighted(*pairs: tuple[str, str]) -> list[Weighted]:
    return [Weighted(value, Decimal(weight)) for value, weight in pairs]


# Averages


@pytest.mark.parametrize(
    ("pairs", "exact", "shown", "proposed"),
    [
        ([("5", "2"), ("3", "1")], Fraction(13, 3), "4,33", "4"),
        ([("5", "3"), ("5", "1"), ("4", "5")], Fraction(40, 9), "4,44", "4"),
        ([("4", "1"), ("5", "1")], Fraction(9, 2), "4,50", "5"),
        ([("4", "1"), ("3", "1")], Fraction(7, 2), "3,50", "4"),
        ([("4", "1")], Fraction(4), "4,00", "4"),
        ([("4", "1"), ("4", "1"), ("4", "1"), ("5", "1"), ("5", "1"), ("5", "1")], Fraction(9, 2), "4,50", "5"),
        ([("4", "1"), (".", "5"), ("", "5")], Fraction(4), "4,00", "4"),
        ([("5", "0.3"), ("2", "0.1")], Fraction(17, 4), "4,25", "4"),
        ([(".", "1"), ("", "1")], None, "", ""),
        ([], None, "", ""),
    ],
)
def test_average_of_the_domains_vectors(
    pairs: list[tuple[str, str]], exact: Fraction | None, shown: str, proposed: str
) -> None:
    average = weighted_average(weighted(*pairs))
    assert (average, shown_average(average), proposed_final(average)) == (exact, shown, proposed)


@given(marks)
def test_average_is_exact(given_: list[Weighted]) -> None:
    numeric = [(NUMERIC[one.value], Fraction(one.weight)) for one in given_ if one.value in NUMERIC]
    average = weighted_average(given_)
    if not numeric:
        assert average is None
    else:
        assert average == sum(value * weight for value, weight in numeric) / sum(weight for _, weight in numeric)


@given(marks, st.decimals(min_value="0.5", max_value=9, places=1))
def test_average_lies_among_its_marks_and_takes_no_notice_of_order_and_scale(
    given_: list[Weighted], factor: Decimal
) -> None:
    average = weighted_average(given_)
    assert weighted_average(reversed(given_)) == average
    assert weighted_average([Weighted(one.value, one.weight * factor) for one in given_]) == average
    values = [NUMERIC[one.value] for one in given_ if one.value in NUMERIC]
    assert average is None or min(values) <= average <= max(values)


@given(averages, st.integers(0, 4))
def test_rounding_is_half_up_of_the_exact_value(average: Fraction, digits: int) -> None:
    # enough digits that the division decides every half rightly for these denominators
    exact = Decimal(average.numerator) / Decimal(average.denominator)
    if (average * 10**digits * 2).denominator == 1:
        exact = exact.quantize(Decimal(1).scaleb(-digits - 1))
    assert half_up(average, digits) == exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("average", "shown"),
    [("4.445", "4,45"), ("4.444999", "4,44"), ("2.675", "2,68"), ("1.005", "1,01"), ("4.995", "5,00"), ("3", "3,00")],
)
def test_half_is_rounded_up_and_never_to_even(average: str, shown: str) -> None:
    assert shown_average(Fraction(average)) == shown


@pytest.mark.parametrize(
    ("average", "proposed"), [("4.5", "5"), ("4.49", "4"), ("2.5", "3"), ("3.5", "4"), ("4.4999", "4")]
)
def test_final_is_rounded_from_the_average_and_not_from_what_is_shown(average: str, proposed: str) -> None:
    """4.4999 is shown as «4,50», and is still a four."""
    assert proposed_final(Fraction(average)) == proposed


# Cells


@given(contents)
def test_cell_reads_back_what_it_shows(content: CellContent) -> None:
    assert parse_cell(content.text) == content
    assert parse_cell(content.text.upper()) == content
    assert parse_cell(f"  {content.text.replace('/', ' , ')} ") == content


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", ""),
        ("  ", ""),
        ("5", "5"),
        ("4/5", "4/5"),
        ("4 5", "4/5"),
        ("4, 5", "4/5"),
        ("4;5", "4/5"),
        ("4,5,3", "4/5/3"),
        ("•", "."),
        ("45", "4/5"),
        ("55555", "5/5/5/5/5"),
        (".", "."),
        ("./5", "./5"),
        ("Н", "н"),
        ("нп", "н"),
        ("H", "н"),
        ("уп", "у"),
        ("о", "оп"),
        ("O", "оп"),
        ("4,н", "4/н"),
        ("н 4", "4/н"),
        ("//4//", "4"),
    ],
)
def test_cell_understands_what_people_type(typed: str, text: str) -> None:
    assert parse_cell(typed).text == text


@pytest.mark.parametrize(
    ("typed", "token"),
    [
        ("6", "6"),
        ("0", "0"),
        ("н б", "б"),
        ("н н", "н"),
        ("4x", "4x"),
        ("406", "406"),
        ("-5", "-5"),
        ("5.", "5."),
        ("²", "²"),
        ("٥", "٥"),
    ],
)
def test_cell_names_what_it_does_not_understand(typed: str, token: str) -> None:
    with pytest.raises(UnknownSign) as refusal:
        parse_cell(typed)
    assert str(refusal.value) == token


@pytest.mark.parametrize(
    ("typed", "token", "choices"),
    [
        ("4,5", "4,5", ("4/5", "4", "5")),
        ("4.5", "4.5", ("4/5", "4", "5")),
        ("н 3,4", "3,4", ("н 3/4", "н 3", "н 4")),
        ("4,33", "4,33", ()),
        ("10.5", "10.5", ()),
        ("y", "y", ("н", "у")),
        ("5/Y", "y", ("5/н", "5/у")),
        ("yп", "yп", ("н", "у")),
    ],
)
def test_cell_with_two_readings_is_asked_about(typed: str, token: str, choices: tuple[str, ...]) -> None:
    """F7, F12: a fraction, and the Latin letter that is «н» by its key and «у» by its look."""
    with pytest.raises(DoubtfulSign) as doubt:
        parse_cell(typed)
    assert (str(doubt.value), doubt.value.choices) == (token, choices)
    for choice in choices:
        parse_cell(choice)


def test_every_spelling_and_key_of_the_table_gives_a_sign_of_the_journal() -> None:
    """F7: one table for keys and text, read by the server and by the journal's script."""
    table = json.loads((Path(rules.__file__).parent / "static/gradebook/signs.json").read_text())
    assert (tuple(table["marks"]), tuple(table["signs"])) == (tuple(NUMERIC), ABSENCE_SIGNS)
    assert {sign: {parse_cell(way).sign for way in ways} for sign, ways in table["signs"].items()} == {
        sign: {sign} for sign in ABSENCE_SIGNS
    }
    assert {parse_cell(sign).text for sign in table["keys"].values()} == {*ABSENCE_SIGNS, POINT}
    assert table["keys"]["KeyY"] == "н"


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        content = parse_cell(text)
    except (UnknownSign, DoubtfulSign):
        return
    assert len(content.marks) <= MAX_PLACE
    assert set(content.marks) <= set(VALUES)
    assert content.sign in ("", *ABSENCE_SIGNS)


def test_cell_holds_so_many_marks_and_no_more() -> None:
    assert len(parse_cell("5/5/5/5/5").marks) == MAX_PLACE
    with pytest.raises(UnknownSign):
        parse_cell("5/5/5/5/5/5")


def test_emptied_place_in_the_middle_is_not_shown() -> None:
    assert CellContent(("4", "", "5"), "оп").text == "4/5/оп"


# History

CHANGE = {
    "school_id": 1,
    "mark_id": uuid.UUID(int=1),
    "version": 2,
    "lesson_id": uuid.UUID(int=2),
    "student_id": uuid.UUID(int=3),
    "old_value": "4",
    "value": "5",
    "old_weight": Decimal("1.00"),
    "weight": Decimal("1.00"),
    "kind_id": uuid.UUID(int=4),
    "comment": "",
    "reason": "recheck",
    "changed_by_id": 7,
    "changed_by_name": "Соколова Анна Петровна",
    "changed_by_post": "Учитель",
    "changed_at": dt.datetime(2026, 10, 14, 9, 0, tzinfo=dt.UTC),
    "content_version": 1,
    "previous_hash": FIRST_PREVIOUS,
}
NAMED = CHANGE | {
    "content_version": 2,
    "old_kind_name": "Ответ на уроке",
    "kind_name": "Контрольная работа",
    "old_comment": "",
}
ANOTHER = {
    int: lambda value: value + 1,
    str: lambda value: f"{value}!",
    uuid.UUID: lambda value: uuid.UUID(int=99),
    Decimal: lambda value: value + Decimal("0.01"),
    dt.datetime: lambda value: value + dt.timedelta(microseconds=1),
    bytes: lambda value: b"\1" * 32,
}


@pytest.mark.parametrize("field", NAMED)
def test_hash_of_a_change_holds_every_field(field: str) -> None:
    """A3, W6: weight, kind (with its name then) and comment are part of the proof, before and after."""
    value = NAMED[field]
    other = SimpleNamespace(**NAMED | {field: ANOTHER[type(value)](value)})
    assert change_hash(other) != change_hash(SimpleNamespace(**NAMED))


def test_hash_of_a_change_does_not_depend_on_how_numbers_and_bytes_are_held() -> None:
    as_read = CHANGE | {"weight": Decimal(1), "old_weight": Decimal("1.0"), "previous_hash": memoryview(FIRST_PREVIOUS)}
    assert change_hash(SimpleNamespace(**as_read)) == change_hash(SimpleNamespace(**CHANGE))


def test_hash_of_a_change_is_the_one_written_down() -> None:
    """Histories of all schools rest on this formula: it may never change."""
    assert (
        change_hash(SimpleNamespace(**CHANGE)).hex()
        == "783ec485faebb4bc70eddb21777915e0a91d6202a9e7d3fc3e27cdb31689eaec"
    )
    assert (
        change_hash(SimpleNamespace(**NAMED)).hex()
        == "06399666884f8e1aa41e15adab3de13fd3eaecaedd5d03692ea388d08fc8c346"
    )
