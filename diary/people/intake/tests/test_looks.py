"""Tables as people lay them out: merged cells, headers of two rows, a sheet for each class (F10)."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from diary.foundation.tables.sources import Upload
from diary.people.intake.tests.loading import Load, Loaded
from diary.people.intake.tests.test_identity import YEAR
from diary.people.roster.models import Enrollment, Student

Merge = tuple[int, int, int, int, str]  # first row, first column, last row, last column, text; from 0


def workbook(sheets: dict[str, tuple[Sequence[Sequence[str]], Sequence[Merge]]]) -> Upload:
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        for name, (rows, merges) in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for position, value in enumerate(row):
                    page.write(number, position, value)
            for merge in merges:
                page.merge_range(*merge)
    return Upload("Список.xlsx", packed.getvalue())


def load_list(load: Load, **sheets: Any) -> Loaded:
    whole = {
        "Школа": ([["Название"], ["Школа № 1"]], ()),
        "Периоды": (YEAR, ()),
        "Классы": ([["Класс"], ["7А"], ["7Б"]], ()),
    }
    return load([workbook(whole | sheets)])


def where() -> dict[str, tuple[str, str]]:
    rows = Enrollment.objects.select_related("student", "group")
    return {one.student.last_name: (one.group.name, str(one.student.birth_date or "")) for one in rows}


BORN = {"Шапкин": ("7А", "2013-02-01"), "Шапкина": ("7Б", "2013-03-01")}


def test_merged_cell_counts_for_each_of_its_rows(load: Load) -> None:
    rows = [
        ["Класс", "Фамилия", "Имя"],
        ["", "Азов", "Ян"],
        ["", "Белов", "Ян"],
        ["", "Волков", "Ян"],
        ["7Б", "Гусев", "Ян"],
    ]
    assert load_list(load, Ученики=(rows, [(1, 0, 3, 0, "7А")])).errors == []
    assert {name: group for name, (group, _born) in where().items()} == {
        "Азов": "7А",
        "Белов": "7А",
        "Волков": "7А",
        "Гусев": "7Б",
    }


def test_header_of_two_rows_is_read_together(load: Load) -> None:
    rows = [
        ["Список учащихся на 01.09.2026"],
        ["", "", "", "", "", "Дата"],
        ["", "Фамилия", "Имя", "Отчество", "", "рождения"],
        ["1", "Шапкин", "Иван", "Ильич", "7А", "01.02.2013"],
        ["2", "Шапкина", "Анна", "Ильинична", "7Б", "01.03.2013"],
    ]
    merges = [(1, 0, 2, 0, "№"), (1, 1, 1, 3, "ФИО обучающихся"), (1, 4, 2, 4, "Класс")]
    assert load_list(load, Ученики=(rows, merges)).errors == []
    assert where() == BORN


def test_header_of_two_rows_without_merged_cells_is_read_together(load: Load) -> None:
    rows = [
        ["Ученик", "", "Дата", "Класс"],
        ["Фамилия", "Имя", "рождения", ""],
        ["Шапкин", "Иван", "01.02.2013", "7А"],
        ["Шапкина", "Анна", "01.03.2013", "7Б"],
    ]
    assert load_list(load, Ученики=(rows, ())).errors == []
    assert where() == BORN


def test_header_that_is_not_understood_is_asked(load: Load) -> None:
    rows = [["", "", "", "Класс"], [], ["Фамилия", "Имя", "Дата рождения", ""], ["Шапкин", "Иван", "01.02.2013", "7А"]]
    assert any("занимает несколько строк" in one for one in load_list(load, Ученики=(rows, ())).errors)
    assert not Student.objects.exists()


def test_sheet_named_by_a_class_gives_the_class(load: Load) -> None:
    assert (
        load_list(
            load,
            **{
                "7А": ([["№", "ФИО", "Дата рождения"], ["1", "Шапкин Иван Ильич", "01.02.2013"]], ()),
                "7Б": ([["ФИО", "Дата рождения"], ["Шапкина Анна Ильинична", "01.03.2013"]], ()),
            },
        ).errors
        == []
    )
    assert where() == BORN


@pytest.mark.parametrize("name", ["Лист1", "Список для печати"])
def test_sheet_of_our_columns_that_nobody_can_place_is_an_error(load: Load, name: str) -> None:
    """Nothing essential is dropped with a warning, and «Записано» is not said of nothing."""
    loaded = load_list(load, **{name: ([["ФИО", "Телефон"], ["Шапкин Иван Ильич", "9160000001"]], ())})
    assert any("не распознан" in one for one in loaded.errors)


def test_new_pupil_without_a_class_is_an_error(load: Load) -> None:
    loaded = load_list(load, Ученики=([["Фамилия", "Имя", "Класс"], ["Шапкин", "Иван", ""]], ()))
    assert any("У нового ученика нет класса" in one for one in loaded.errors)
