"""Bytes of CSV and XLSX become the same rows, whatever the encoding, delimiter or kind of cell."""

import contextlib
import zipfile
from datetime import date, datetime, time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.foundation.tables import sheets
from diary.foundation.tables.sheets import cell_text, sheet_of_csv, sheets_of_workbook
from diary.foundation.tables.sources import UnreadableFileError, Upload
from diary.foundation.tables.tests.files import as_csv, as_workbook

KNOWN = {"фио", "класс", "телефон"}
HEADER = ["ФИО", "Класс", "Телефон"]

words = st.text(st.sampled_from("абвЁёЯя АБ;,|\t\"'\n№-–1290.aZ"), max_size=12).map(str.strip)
rows = st.lists(st.tuples(words, words, words).map(list), max_size=8)


def cells(data: bytes) -> list[list[str]]:
    return [values for _line, values in sheet_of_csv(Upload("a.csv", data), KNOWN).lines]


def trimmed(table: list[list[str]]) -> list[list[str]]:
    full = [row[: max((at + 1 for at, cell in enumerate(row) if cell), default=0)] for row in table]
    return [row for row in full if row]


@given(rows, st.sampled_from(";,\t|"), st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]))
def test_any_csv_is_read_back_as_it_was_written(table: list[list[str]], delimiter: str, encoding: str) -> None:
    written = [HEADER, *table]
    assert cells(as_csv(written, delimiter=delimiter, encoding=encoding)) == trimmed(written)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fall(data: bytes) -> None:
    with contextlib.suppress(UnreadableFileError):
        sheet_of_csv(Upload("a.csv", data), KNOWN)


@given(st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_workbook_is_read_back_as_it_was_written(table: list[list[str]]) -> None:
    (sheet,) = sheets_of_workbook(Upload("a.xlsx", as_workbook({"Лист": [["'", *row] for row in table]})))
    assert [values for _line, values in sheet.lines] == trimmed([[cell_text("'"), *row] for row in table])


def test_lines_are_counted_as_a_text_editor_counts_them() -> None:
    sheet = sheet_of_csv(Upload("a.csv", 'ФИО;Класс\n\n"Иванов\nПётр";7А\nСидоров;7Б\n'.encode()), KNOWN)
    assert [line for line, _values in sheet.lines] == [1, 3, 5]


def test_a_line_that_states_the_delimiter_is_obeyed() -> None:
    sheet = sheet_of_csv(Upload("a.csv", b"sep=|\r\na|b;c\r\n"), KNOWN)
    assert sheet.lines == [(2, ["a", "b;c"])]


def test_commas_inside_values_do_not_win_over_the_real_delimiter() -> None:
    data = "ФИО;Класс\n" + "Иванов, Пётр, Ильич, мл.;7А\n" * 20
    assert cells(data.encode())[1] == ["Иванов, Пётр, Ильич, мл.", "7А"]


def test_one_column_needs_no_delimiter() -> None:
    assert cells("ФИО\nИванов, Пётр\nСидоров, Олег\n".encode())[1] == ["Иванов, Пётр"]


def test_a_lost_quote_is_named_with_its_line() -> None:
    data = 'ФИО;Класс\nИванов;7А\n"Сидоров;7Б\n' + "Петров;7В\n" * 2000
    with pytest.raises(UnreadableFileError, match="строке 3"):
        sheet_of_csv(Upload("a.csv", data.encode()), KNOWN)


def test_limits_of_rows_and_columns_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 10)
    with pytest.raises(UnreadableFileError, match="больше 10 строк"):
        sheet_of_csv(Upload("a.csv", b"a;b\n" * 11), KNOWN)
    with pytest.raises(UnreadableFileError, match="столбцов"):
        sheet_of_csv(Upload("a.csv", b"a;" * 200 + b"a"), KNOWN)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (7.0, "7"),
        (79160000001.0, "79160000001"),
        (0.5, "0.5"),
        (True, "да"),
        (datetime(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1, 8, 30), "2026-09-01 08:30:00"),
        (date(2026, 9, 1), "2026-09-01"),
        (time(8, 30), "08:30"),
        (None, ""),
        (" а ", "а"),
    ],
)
def test_a_cell_says_what_a_person_would_type(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_date_and_a_time_of_a_workbook_are_read() -> None:
    (sheet,) = sheets_of_workbook(Upload("a.xlsx", as_workbook({"Лист": [[date(2026, 9, 1), 7]]})))
    assert sheet.lines == [(1, ["2026-09-01", "7"])]


def test_several_sheets_are_named_in_the_report_and_hidden_ones_are_marked() -> None:
    first, second = sheets_of_workbook(Upload("a.xlsx", as_workbook({"Классы": [["x"]], "Ученики": [["x"]]})))
    assert first.file == "a.xlsx, лист «Классы»"
    assert second.name == "Ученики"


def workbook_with(member: str, change: bytes) -> bytes:
    source, packed = zipfile.ZipFile(BytesIO(as_workbook({"Лист": [["x"]]}))), BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, change if name == member else source.read(name))
    return packed.getvalue()


def test_xml_entities_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'
    with pytest.raises(UnreadableFileError, match="опасное"):
        list(sheets_of_workbook(Upload("a.xlsx", workbook_with("xl/worksheets/sheet1.xml", bomb))))


@pytest.mark.parametrize(
    "member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_a_damaged_workbook_is_told_not_raised(member: str) -> None:
    with pytest.raises(UnreadableFileError):
        list(sheets_of_workbook(Upload("a.xlsx", workbook_with(member, b"<broken"))))


def test_a_row_far_below_everything_does_not_hang_the_reader() -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="999999999999"><c r="A999999999999" t="str"><v>x</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(UnreadableFileError, match="строк"):
        list(sheets_of_workbook(Upload("a.xlsx", workbook_with("xl/worksheets/sheet1.xml", far))))
