"""Formats of identity documents: each kind by a table, and by whatever hypothesis thinks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.people.roster.rules.documents import (
    FOREIGN_LONGEST,
    Document,
    DocumentKind,
    Part,
    WrongDocument,
    read_document,
    read_in_one,
    shown,
)

PASSPORT, BIRTH, FOREIGN = DocumentKind.PASSPORT, DocumentKind.BIRTH, DocumentKind.FOREIGN


@pytest.mark.parametrize(
    ("kind", "series", "number", "text"),
    [
        (PASSPORT, "4506", "123456", "4506123456"),
        (PASSPORT, "45 06", " 123 456 ", "4506123456"),
        (BIRTH, "I-АБ", "123456", "IАБ123456"),
        (BIRTH, "iv аб", "123456", "IVАБ123456"),
        (BIRTH, "XIX-МЮ", "000001", "XIXМЮ000001"),
        (BIRTH, "1-AB", "123456", "IАВ123456"),  # Latin letters and the digit one
        (BIRTH, "ІУ-ЯЯ", "123456", "IVЯЯ123456"),  # Cyrillic letters for the Roman number
        (FOREIGN, "", "ab 123-456", "AB123456"),
        (FOREIGN, "АВ", "1234567", "AB1234567"),
        (FOREIGN, "C01", "X00T478", "C01X00T478"),
    ],
)
def test_document_is_read(kind: DocumentKind, series: str, number: str, text: str) -> None:
    assert read_document(kind, series, number) == Document(kind, text)


@pytest.mark.parametrize(
    ("kind", "series", "number", "parts"),
    [
        (PASSPORT, "450", "123456", (Part.SERIES,)),
        (PASSPORT, "4506", "12345", (Part.NUMBER,)),
        (PASSPORT, "4506", "12345a", (Part.NUMBER,)),
        (PASSPORT, "", "", (Part.SERIES, Part.NUMBER)),
        (PASSPORT, "٤٥٠٦", "123456", (Part.SERIES,)),
        (BIRTH, "АБ", "123456", (Part.SERIES,)),
        (BIRTH, "IIII-АБ", "123456", (Part.SERIES,)),
        (BIRTH, "I-А", "123456", (Part.SERIES,)),
        (BIRTH, "I-АБ", "1234567", (Part.NUMBER,)),
        (BIRTH, "I-QZ", "1", (Part.SERIES, Part.NUMBER)),
        (FOREIGN, "", "ABCDEF", (Part.NUMBER,)),
        (FOREIGN, "", "A1", (Part.NUMBER,)),
        (FOREIGN, "", "1" * (FOREIGN_LONGEST + 1), (Part.NUMBER,)),
        (FOREIGN, "", "", (Part.NUMBER,)),
    ],
)
def test_wrong_half_is_named(kind: DocumentKind, series: str, number: str, parts: tuple[Part, ...]) -> None:
    with pytest.raises(WrongDocument) as refused:
        read_document(kind, series, number)
    assert refused.value.parts == parts


@given(st.sampled_from(DocumentKind), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_is_a_document_or_is_refused(kind: DocumentKind, series: str, number: str) -> None:
    try:
        document = read_document(kind, series, number)
    except WrongDocument:
        return
    assert document.text == document.text.upper()
    assert document.text.isalnum()
    assert shown(document.kind, document.text)


@given(st.from_regex(r"[0-9]{4}", fullmatch=True), st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_passport_reads_back_from_how_it_is_shown(series: str, number: str) -> None:
    document = read_document(PASSPORT, series, number)
    assert read_in_one(f"Паспорт {shown(PASSPORT, document.text)}") == document


ROMANS = st.sampled_from(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XIV", "XXXIX"])


@given(ROMANS, st.text("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ", min_size=2, max_size=2), st.integers(0, 999_999))
def test_birth_certificate_reads_back_from_how_it_is_shown(roman: str, letters: str, number: int) -> None:
    document = read_document(BIRTH, f"{roman}-{letters}", f"{number:06}")
    assert read_in_one(f"Свидетельство о рождении {shown(BIRTH, document.text)}") == document
    assert read_document(BIRTH, f" {roman.lower()} {letters.lower()} ", f"{number:06}") == document


@pytest.mark.parametrize("typed", ["", "нет", "№", "свидетельство", "12"])
def test_what_is_no_document_in_one_line_is_refused(typed: str) -> None:
    with pytest.raises(WrongDocument):
        read_in_one(typed)


def test_line_that_is_no_russian_document_is_a_foreign_one() -> None:
    assert read_in_one("Паспорт C01X00T478") == Document(FOREIGN, "C01X00T478")
