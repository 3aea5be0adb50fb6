"""Columns are found by their titles: any order, spelling, synonym, with strangers between them."""

import random

import pytest

from diary.foundation.tables.report import Report
from diary.foundation.tables.sheets import Sheet
from diary.foundation.tables.tables import Upload, read_sheets, table_of
from diary.foundation.tables.tests.files import as_csv, as_workbook

COLUMNS = {"name": ("ФИО", "Фамилия Имя Отчество"), "class": ("Класс",), "phone": ("Телефон", "Моб. телефон")}


def sheet(*rows: list[str], has_letters: bool = False) -> Sheet:
    return Sheet("a.csv", "a", list(enumerate(rows, start=1)), has_letters)


@pytest.mark.parametrize(
    "title", ["ФИО", "фио", "Ф.И.О.", " Ф И О ", "ФИО *", "ФИО (полностью)", "Фамилия, имя, отчество"]
)
def test_a_title_is_known_in_any_spelling(title: str) -> None:
    table = table_of(sheet([title, "Класс"], ["Иванов Пётр", "7А"]), COLUMNS, Report())
    assert table is not None
    assert [(row.text("name"), row.text("class")) for row in table] == [("Иванов Пётр", "7А")]


def test_order_does_not_matter_and_strangers_are_listed() -> None:
    titles = ["СНИЛС", "Класс", "Телефон", "ФИО", "Примечание"]
    random.Random(5).shuffle(titles)
    row = {"ФИО": "Иванов Пётр", "Класс": "7А", "Телефон": "1"}
    table = table_of(sheet(titles, [row.get(title, "-") for title in titles]), COLUMNS, Report())
    assert table is not None
    (only,) = table
    assert [only.text(name) for name in ("name", "class", "phone")] == ["Иванов Пётр", "7А", "1"]
    assert set(table.extra) == {"СНИЛС", "Примечание"}


def test_a_list_may_have_its_own_title_above() -> None:
    table = table_of(
        sheet(["Список школы"], ["Класс 7А", "", ""], ["ФИО", "Класс"], ["Иванов Пётр", "7А"]), COLUMNS, Report()
    )
    assert table is not None
    assert table.header_line == 3
    assert len(table.rows) == 1


def test_a_column_given_twice_is_warned_of_and_the_first_is_taken() -> None:
    report = Report()
    table = table_of(sheet(["ФИО", "Телефон", "Моб. телефон"], ["И П", "1", "2"]), COLUMNS, report)
    assert table is not None
    assert table.rows[0].text("phone") == "1"
    assert "дважды" in report.problems[0].what


def test_a_place_knows_the_title_and_the_letter() -> None:
    table = table_of(sheet(["Класс", "ФИО"], ["7А", "x"], has_letters=True), COLUMNS, Report())
    assert table is not None
    heading = table.place(2).heading("name")
    assert (heading.title, heading.letter) == ("ФИО", "B")


def test_a_sheet_without_titles_is_no_table() -> None:
    assert table_of(sheet(["1", "2"], ["3", "4"]), COLUMNS, Report()) is None


def test_files_of_several_kinds_are_read_together_and_bad_ones_told() -> None:
    report = Report()
    uploads = [
        Upload("Ученики.csv", as_csv([["ФИО"], ["И П"]], encoding="cp1251")),
        Upload("Книга.xlsx", as_workbook({"Классы": [["Класс"]], "Кабинеты": [["Кабинет"]]})),
        Upload("фото.xlsx", b"\xff\xd8\xff"),
    ]
    assert [one.name for one in read_sheets(uploads, ["ФИО"], report)] == ["Ученики", "Классы", "Кабинеты"]
    assert [problem.file for problem in report.problems] == ["фото.xlsx"]
