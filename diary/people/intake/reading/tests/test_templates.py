"""The downloaded set is read back by the same list of columns that made it."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Literal

import openpyxl
import pytest

from diary.foundation.tables.places import heading_key
from diary.foundation.tables.report import Report
from diary.foundation.tables.tables import Upload
from diary.people.intake.checks import check_school
from diary.people.intake.reading import template_columns, templates
from diary.people.intake.reading.template_columns import SHEETS
from diary.people.intake.reading.template_sheets import read_templates
from diary.people.intake.records import Kind, SchoolData
from diary.people.intake.tests.made import TODAY

FORMS: list[Literal["xlsx", "csv"]] = ["xlsx", "csv"]
NAMES = {"xlsx": "школа.xlsx", "csv": "школа.zip"}


def read(form: Literal["xlsx", "csv"]) -> tuple[SchoolData, Report]:
    report = Report()
    data = read_templates([Upload(NAMES[form], templates.write_template(form))], report)
    check_school(data, report, today=TODAY)
    return data, report


@pytest.mark.parametrize("form", FORMS)
def test_an_untouched_template_says_that_it_holds_only_examples(form: Literal["xlsx", "csv"]) -> None:
    data, report = read(form)
    assert data.counts == {}
    assert [problem.what for problem in report.problems] == ["В файле нет строк с данными: только заголовки и примеры."]


@pytest.mark.parametrize("form", FORMS)
def test_the_examples_of_all_sheets_make_one_faultless_school(
    form: Literal["xlsx", "csv"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "EXAMPLE_CODE", "")
    data, report = read(form)
    assert list(report.lines()) == []
    assert set(data.counts) == set(Kind)


def test_every_sheet_has_its_titles_comments_and_example() -> None:
    book = openpyxl.load_workbook(BytesIO(templates.write_template("xlsx")))
    assert book.sheetnames == ["Как заполнять", *(sheet.title for sheet in SHEETS)]
    for sheet in SHEETS:
        titles = [cell.value for cell in book[sheet.title][1]]
        assert titles == [column.title for column in sheet.columns]
        assert all(cell.comment for cell in book[sheet.title][1])
        assert book[sheet.title]["A2"].value == template_columns.EXAMPLE_CODE


def test_the_csv_set_opens_in_excel() -> None:
    archive = zipfile.ZipFile(BytesIO(templates.write_template("csv")))
    assert len(archive.namelist()) == len(SHEETS) + 1
    assert all(archive.read(name).startswith(b"\xef\xbb\xbf") for name in archive.namelist())


def test_no_title_means_two_columns_of_one_sheet() -> None:
    for sheet in SHEETS:
        owners: dict[str, str] = {}
        for column in sheet.columns:
            for key in (key for title in column.titles for key in heading_key(title)):
                assert owners.setdefault(key, column.field) == column.field, (sheet.title, key)


def test_the_readme_describes_the_columns_that_are_read() -> None:
    readme = (templates_folder() / "README.md").read_text(encoding="utf-8")
    assert templates.column_table().strip() in readme


def templates_folder() -> Path:
    return Path(templates.__file__).parent
