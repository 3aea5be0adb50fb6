"""Whole file sets: one school in every dress, links by code and by name, and what is told of bad rows."""

import random
import time as clock
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from diary.foundation.tables.report import Level, Report
from diary.foundation.tables.tables import Upload
from diary.foundation.tables.tests.files import Rows, as_csv, as_workbook, as_zip
from diary.people.intake.checks import check_school
from diary.people.intake.reading.template_sheets import read_templates
from diary.people.intake.records import Kind, Known, PeriodKind, SchoolData, StaffRole
from diary.people.intake.tests.made import TODAY, large_school, small_school

Sheets = dict[str, list[list[object]]]


def read(*uploads: Upload, known: Known | None = None) -> tuple[SchoolData, Report]:
    report = Report()
    known = known or Known()
    data = read_templates(uploads, report, known)
    check_school(data, report, today=TODAY, known=known)
    return data, report


def read_sheets(sheets: Mapping[str, Rows], known: Known | None = None) -> tuple[SchoolData, Report]:
    return read(Upload("школа.xlsx", as_workbook(sheets)), known=known)


def errors(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems if problem.level is Level.ERROR]


def shuffled(sheets: Sheets) -> Sheets:
    """Columns in another order, with strangers between them."""
    dice, mixed = random.Random(7), {}
    for name, rows in sheets.items():
        wide = [["Номер по порядку", *row, "Примечание завуча"] for row in rows]
        order = list(range(len(wide[0])))
        dice.shuffle(order)
        mixed[name] = [[row[at] for at in order] for row in wide]
    return mixed


def with_dates(sheets: Sheets) -> Sheets:
    """Days as Excel's own dates instead of text."""
    return {name: [[_as_date(cell) for cell in row] for row in rows] for name, rows in sheets.items()}


def _as_date(cell: object) -> object:
    is_day = isinstance(cell, str) and len(cell) == 10 and cell[2] == cell[5] == "."
    return datetime.strptime(str(cell), "%d.%m.%Y").date() if is_day else cell


DRESSES: dict[str, Callable[[], list[Upload]]] = {
    "one workbook": lambda: [Upload("школа.xlsx", as_workbook(small_school()))],
    "workbook with real dates": lambda: [Upload("школа.xlsx", as_workbook(with_dates(small_school())))],
    "shuffled columns": lambda: [Upload("школа.xlsx", as_workbook(shuffled(small_school())))],
    "zip with BOM": lambda: [Upload("школа.zip", as_zip(small_school()))],
    "zip in cp1251": lambda: [Upload("школа.zip", as_zip(small_school(), encoding="cp1251"))],
    "cp1251 files with ;": lambda: [
        Upload(f"{name}.csv", as_csv(rows, encoding="cp1251")) for name, rows in small_school().items()
    ],
    "utf-8 files with comma": lambda: [
        Upload(f"{number:02d}_{name.lower()} 2026.csv", as_csv(rows, delimiter=","))
        for number, (name, rows) in enumerate(small_school().items())
    ],
    "utf-16 files with tabs": lambda: [
        Upload(f"{name}.txt", as_csv(rows, delimiter="\t", encoding="utf-16")) for name, rows in small_school().items()
    ],
    "a workbook per sheet": lambda: [
        Upload(f"{name}.xlsx", as_workbook({name: rows})) for name, rows in small_school().items()
    ],
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_same_school_is_read_from_every_dress(dress: str) -> None:
    plain, _report = read_sheets(small_school())
    data, report = read(*DRESSES[dress]())
    assert errors(report) == []
    assert [record for _kind, record in data] == [record for _kind, record in plain]


def test_a_folder_is_read_like_its_files(tmp_path: Path) -> None:
    for name, rows in small_school().items():
        (tmp_path / f"{name}.csv").write_bytes(as_csv(rows))
    report = Report()
    data = read_templates(tmp_path, report)
    assert data.counts == read_sheets(small_school())[0].counts


def test_a_school_is_understood() -> None:
    data, report = read_sheets(small_school())
    assert errors(report) == []
    assert data.school is not None
    assert data.school.short_name == "Школа № 1"
    (year,) = data.years
    assert (year.starts_on, year.ends_on, year.is_derived) == (date(2026, 9, 1), date(2027, 5, 31), False)
    assert [(one.title, one.kind, one.grades) for one in data.periods][2] == (
        "1 полугодие",
        PeriodKind.HALF_YEAR,
        (10, 11),
    )
    assert [one.roles for one in data.staff] == [(StaffRole.TEACHER,), (StaffRole.DEPUTY,)]
    assert data.staff[0].phone == "+79160000001"
    assert data.classes[0].form_teacher_id == "орлова вера ильинична"
    assert data.classes[1].form_teacher_id == "петрова анна сергеевна"
    assert [one.hours_a_week for one in data.courses] == [Decimal(3), Decimal("1.5")]
    assert data.courses[1].subgroup_id == data.subgroups[0].external_id
    assert [slot.course_id for slot in data.slots] == [course.external_id for course in data.courses]


def test_the_class_tells_subgroups_of_one_name_apart() -> None:
    data, _report = read_sheets(small_school())
    groups = {one.external_id: one.class_ids for one in data.subgroups}
    parts = [groups[one.subgroup_id] for one in data.enrollments if one.subgroup_id]
    assert parts == [("7а",), ("7а",), ("7б",)]


def test_rows_of_one_guardian_become_one_person_with_two_children() -> None:
    data, _report = read_sheets(small_school())
    (mother,) = data.guardians
    assert [child.student_id for child in mother.children] == [
        "иванова мария петровна|2013-03-05",
        "иванов олег петрович|2013-05-07",
    ]
    assert mother.phone == "+79160000003"


def test_codes_become_the_keys_and_may_be_used_for_links() -> None:
    sheets = small_school()
    sheets["Сотрудники"] = [["Код", "ФИО"], ["у-1", "Петрова Анна Сергеевна"], ["у-2", "Орлова Вера Ильинична"]]
    sheets["Классы"] = [["Код", "Класс", "Классный руководитель"], ["к7а", "7А", "У-2"], ["", "7Б", ""]]
    data, report = read_sheets(sheets)
    assert errors(report) == []
    assert [one.external_id for one in data.staff] == ["у-1", "у-2"]
    assert [(one.external_id, one.natural_key, one.form_teacher_id) for one in data.classes] == [
        ("к7а", "7а", "у-2"),
        ("7б", "7б", ""),
    ]
    assert {one.class_id for one in data.enrollments if one.class_id} == {"к7а", "7б"}


def test_reading_twice_gives_the_same_keys() -> None:
    first, second = read_sheets(small_school())[0], read_sheets(shuffled(small_school()))[0]
    assert [record.external_id for _kind, record in first] == [record.external_id for _kind, record in second]


def test_a_transfer_on_its_own_sheet_replaces_the_class_of_the_pupil_row() -> None:
    sheets = small_school()
    sheets["Зачисления"] = [
        ["Ученик", "Класс", "С", "По", "Приказ"],
        ["Сидоров Пётр", "7Б", "01.09.2026", "10.10.2026", ""],
        ["Сидоров Пётр", "7А", "11.10.2026", "", "5-у"],
    ]
    data, report = read_sheets(sheets)
    assert errors(report) == []
    his = [one for one in data.enrollments if one.student_id.startswith("сидоров") and one.class_id]
    assert [(one.class_id, one.starts_on, one.ends_on) for one in his] == [
        ("7б", date(2026, 9, 1), date(2026, 10, 10)),
        ("7а", date(2026, 10, 11), None),
    ]


def test_only_pupils_may_be_brought_to_a_school_that_has_the_rest() -> None:
    known = Known(names={Kind.CLASSES: {"7А": "uuid-7a", "7Б": "uuid-7b"}}, has_school=True)
    pupils: Rows = [
        ["ФИО", "Дата рождения", "Класс"],
        ["Иванов Пётр", "01.02.2013", "7а"],
        ["Петрова Анна", "02.02.2013", "7В"],
    ]
    data, report = read_sheets({"Список": pupils}, known)
    assert data.given == {Kind.STUDENTS, Kind.ENROLLMENTS}
    assert data.enrollments[0].class_id == "uuid-7a"
    (error,) = errors(report)
    assert "строка 3, столбец «Класс», C3: Класс «7В» не найден." in error


def test_a_new_school_may_leave_classes_subjects_and_rooms_to_be_made_from_mentions() -> None:
    sheets = {name: rows for name, rows in small_school().items() if name not in ("Классы", "Предметы", "Кабинеты")}
    data, report = read_sheets(sheets)
    assert errors(report) == []
    assert {one.label for one in data.classes} == {"7А", "7Б"}
    assert {one.title for one in data.subjects} == {"Алгебра", "Английский язык"}
    assert Kind.CLASSES in data.given
    assert any("будет создано" in problem.what for problem in report.problems)


@pytest.mark.parametrize(
    ("sheet", "row", "words"),
    [
        ("Ученики", ["Смирнов", "", "", "05.03.2013", "м", "7А", ""], "столбец «Имя», B6: Пустая ячейка"),
        ("Ученики", ["Смирнов", "Илья", "", "35.03.2013", "м", "7А", ""], "столбец «Дата рождения», D6: «35.03.2013»"),
        ("Ученики", ["Смирнов", "Илья", "", "05.03.2013", "м", "7Ж", ""], "столбец «Класс», F6: Класс «7Ж» не найден"),
        ("Ученики", ["Смирнов", "Илья", "", "05.03.2013", "м", "7А", "9 группа"], "Подгруппа «9 группа» не найдена"),
        ("Ученики", ["Смирнов", "Илья", "", "05.03.2027", "м", "7А", ""], "День рождения в будущем"),
        ("Ученики", ["Иванова", "Мария", "Петровна", "05.03.2013", "ж", "7Б", ""], "уже есть"),
        ("Классы", ["Эльфы", "", ""], "какая это параллель"),
        ("Классы", ["8А", "Гэндальф Серый", ""], "Сотрудник «Гэндальф Серый» не найден"),
        ("Классы", ["8А", "Петрова Анна Сергевна", ""], "имелось в виду «Петрова Анна Сергеевна»"),
        ("Представители", ["А", "Б", "", "мать", "9160000009", "Иванов Олег", ""], "подходят сразу несколько"),
        ("Представители", ["А", "Б", "", "мать", "9160000009", "Никто Такой", ""], "Ученик «Никто Такой» не найден"),
        ("Курсы", ["", "", "Алгебра", "Петрова А.С.", "3"], "ни класс, ни подгруппа"),
        ("Курсы", ["7Б", "", "Магия", "Петрова А.С.", "3"], "Предмет «Магия» не найден"),
        ("Курсы", ["7Б", "", "Алгебра", "Петрова А.С.", "сто"], "число часов"),
        ("Расписание", ["7Б", "", "Алгебра", "пн", "1", ""], "Нет строки «Курсы»"),
        ("Расписание", ["7А", "", "Алгебра", "вт", "7", ""], "нет звонка"),
        ("Расписание", ["7А", "", "Алгебра", "завтра", "1", ""], "не день недели"),
        ("Периоды", ["2026/2027", "2 четверть б", "5", "10.12.2026", "30.12.2026"], "пересекается с «2 четверть»"),
        ("Периоды", ["2026/2027", "Лето", "", "01.06.2027", "30.08.2027"], "выходит за границы"),
        ("Звонки", ["3", "10:00", "10:45"], "раньше, чем кончается предыдущий"),
    ],
)
def test_a_bad_row_is_told_with_its_place_and_advice(sheet: str, row: list[object], words: str) -> None:
    sheets = small_school()
    sheets[sheet].append(row)
    _data, report = read_sheets(sheets)
    assert not report.is_clean
    assert any(words in line for line in errors(report)), errors(report)
    assert all(problem.fix for problem in report.problems if problem.level is Level.ERROR)
    assert f"лист «{sheet}», строка {len(sheets[sheet])}" in " ".join(errors(report))


@pytest.mark.parametrize(
    ("sheet", "row", "words"),
    [
        ("Ученики", ["Смирнов", "Илья", "", "05.03.2013", "x", "7А", ""], "столбец «Пол», E6"),
        ("Сотрудники", ["Кот Анна Сергеевна", "", "123"], "не номер телефона"),
    ],
)
def test_bad_optional_value_is_left_out_with_a_line(sheet: str, row: list[object], words: str) -> None:
    """F11."""
    sheets = small_school()
    sheets[sheet].append(row)
    _data, report = read_sheets(sheets)
    assert errors(report) == []
    (line,) = [str(one) for one in report.problems if one.level is Level.WARNING]
    assert words in line
    assert "Это значение пропущено." in line


def test_every_bad_row_is_told_not_only_the_first() -> None:
    sheets = small_school()
    sheets["Ученики"] += [[f"Ф{number}", "И", "", "01.01.13.", "м", "7А", ""] for number in range(2_000)]
    _data, report = read_sheets(sheets)
    assert report.counts[Level.ERROR] == 2_000
    assert len(report.problems) == 1_000
    assert report.rest >= 1_000


def test_missing_columns_are_told_once() -> None:
    _data, report = read_sheets({"Ученики": [["Имя", "Класс"], ["Пётр", "7А"], ["Олег", "7А"]]})
    (missing, *_rest) = errors(report)
    assert "не хватает столбцов: Фамилия" in missing


def test_extra_columns_are_noted_and_not_read() -> None:
    _data, report = read_sheets(shuffled(small_school()))
    notes = [problem for problem in report.problems if problem.level is Level.NOTE]
    assert len(notes) == len(small_school())
    assert "Примечание завуча" in notes[0].what


def test_an_unknown_sheet_is_warned_of() -> None:
    sheets: dict[str, Rows] = {**small_school(), "Лист5": [["Меню", "Цена"], ["Каша", "50"]]}
    _data, report = read_sheets(sheets)
    assert [p.what for p in report.problems if p.level is Level.WARNING] == ["Лист не распознан и не прочитан."]


def test_a_file_with_nothing_known_is_an_error() -> None:
    _data, report = read_sheets({"Меню": [["Блюдо", "Цена"], ["Каша", "50"]]})
    assert "Ни одного знакомого листа" in errors(report)[0]


def test_a_formula_error_is_told() -> None:
    sheets = small_school()
    sheets["Ученики"].append(["Смирнов", "Илья", "", "05.03.2013", "м", "#REF!", ""])
    assert any("ошибка формулы" in line for line in errors(read_sheets(sheets)[1]))


def test_one_sheet_may_come_in_several_parts() -> None:
    sheets = small_school()
    pupils = sheets.pop("Ученики")
    parts: dict[str, Rows] = {**sheets, "Ученики 7А": pupils[:3], "Ученики 7Б": [pupils[0], *pupils[3:]]}
    data, report = read_sheets(parts)
    assert errors(report) == []
    assert len(data.students) == 4


def test_five_thousand_people_are_read_and_checked_in_five_seconds() -> None:
    upload = Upload("школа.xlsx", as_workbook(large_school()))
    started = clock.process_time()
    data, report = read(upload)
    assert clock.process_time() - started < 5
    assert errors(report) == []
    assert data.people >= 5_000
