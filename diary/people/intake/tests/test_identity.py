"""Who is who when a school's files come again, in part, or written a little differently (F1, F2, F3)."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from diary.foundation.tables.tests.files import Rows
from diary.people.intake.tests.loading import Load
from diary.people.intake.tests.made import small_school
from diary.people.roster.models import Course, Enrollment, Group, Guardian, Staff, Student
from diary.people.schools.models import Room

YEAR: Rows = [
    ["Учебный год", "Период", "Начало", "Конец"],
    ["2026/2027", "Учебный год", "01.09.2026", "31.05.2027"],
    ["2026/2027", "1 полугодие", "01.09.2026", "27.12.2026"],
]
PUPIL = ["Код", "Фамилия", "Имя", "Отчество", "Дата рождения", "Класс"]
PARENT = ["Фамилия", "Имя", "Отчество", "Ученик", "Класс ученика", "Телефон"]


def school_of(*pupils: list[str], parents: Any = (), **more: Any) -> dict[str, Any]:
    classes = list(dict.fromkeys(row[5] for row in pupils))
    sheets: dict[str, Any] = {
        "Школа": [["Название"], ["Школа № 1"]],
        "Периоды": YEAR,
        "Классы": [["Класс"], *([one] for one in classes)],
        "Ученики": [PUPIL, *pupils],
    }
    if parents:
        sheets["Представители"] = [PARENT, *parents]
    return sheets | more


def children_of(last_name: str) -> list[str]:
    links = Guardian.objects.filter(user__last_name=last_name).select_related("student")
    return sorted(f"{one.student.first_name} {one.student.external_id}" for one in links)


@pytest.mark.parametrize(("one", "other"), [("1-12", "11-2"), ("2.1", "21"), ("а-бв", "аб-в"), ("К/1", "К1")])
def test_codes_that_differ_by_a_separator_are_two_children(load: Load, one: str, other: str) -> None:
    """F1."""
    sheets = school_of(
        [one, "Малышев", "Иван", "", "01.02.2019", "1А"],
        [other, "Старшая", "Мария", "", "03.04.2009", "11А"],
        parents=[["Малышева", "Ольга", "", one, "", ""], ["Старший", "Пётр", "", other, "", ""]],
    )
    loaded = load(sheets)
    assert loaded.errors == []
    assert children_of("Малышева") == [f"Иван {one}"]
    assert children_of("Старший") == [f"Мария {other}"]


def test_code_written_otherwise_is_nobody_for_a_guardian(load: Load) -> None:
    """F1: a guardian is never linked by a guess."""
    loaded = load(
        school_of(
            ["1-12", "Малышев", "Иван", "", "01.02.2019", "1А"], parents=[["Малышева", "Ольга", "", "112", "", ""]]
        )
    )
    assert any("«112» не найден" in one for one in loaded.errors)


def test_each_mother_has_the_namesake_of_the_class_she_names(load: Load) -> None:
    """F1: a missing birth date makes nobody's name a code."""
    loaded = load(
        school_of(
            ["", "Тёзкин", "Иван", "Иванович", "01.02.2013", "7А"],
            ["", "Тёзкин", "Иван", "Иванович", "", "9Б"],
            parents=[
                ["Седьмова", "Мать", "", "Тёзкин Иван Иванович", "7А", ""],
                ["Девятова", "Мать", "", "Тёзкин Иван Иванович", "9Б", ""],
            ],
        )
    )
    assert loaded.errors == []
    of_class = {
        one.student_id: one.group.name for one in Enrollment.objects.select_related("group").order_by("student_id")
    }
    mothers = {one.user.last_name: of_class[one.student_id] for one in Guardian.objects.select_related("user")}
    assert mothers == {"Седьмова": "7А", "Девятова": "9Б"}


@pytest.mark.parametrize(
    ("child", "group", "words"),
    [
        ("Тёзкин Иван", "8А", "В классе «8А» нет ученика"),
        ("Тёзкин Иван", "", "подходят сразу несколько записей"),
        ("Тёзкин И.", "7А", "по инициалам ребёнка не узнать"),
        ("Тёзкин И.И.", "", "по инициалам ребёнка не узнать"),
    ],
)
def test_guardian_whose_child_is_unsure_is_asked(load: Load, child: str, group: str, words: str) -> None:
    """F1."""
    loaded = load(
        school_of(
            ["", "Тёзкин", "Иван", "Иванович", "01.02.2013", "7А"],
            ["", "Тёзкин", "Иван", "Петрович", "01.02.2011", "9Б"],
            ["", "Другой", "Олег", "", "01.02.2012", "8А"],
            parents=[["Мамина", "Ольга", "", child, group, ""]],
        )
    )
    assert any(words in one for one in loaded.errors), loaded.errors
    assert not Guardian.objects.exists()


def test_guardian_of_a_namesake_already_in_school_is_asked_for_the_class(load: Load) -> None:
    """F1: the file's own pupil is one of two of that name."""
    load(school_of(["", "Тёзкин", "Иван", "", "01.02.2011", "9Б"]))
    young = ["", "Тёзкин", "Иван", "", "01.02.2019", "1А"]
    loaded = load(school_of(young, parents=[["Мамина", "Ольга", "", "Тёзкин Иван", "", ""]]))
    assert any("подходят сразу несколько записей" in one for one in loaded.errors)
    loaded = load(school_of(young, parents=[["Мамина", "Ольга", "", "Тёзкин Иван", "9Б", ""]]))
    assert loaded.errors == []
    assert Guardian.objects.get().student.birth_date.year == 2011


def test_rooms_and_classes_that_differ_by_a_separator_are_different_things(load: Load) -> None:
    """F1, F2."""
    sheets = school_of(
        ["", "Первых", "Иван", "", "01.02.2019", "1-1"],
        ["", "Старшая", "Мария", "", "03.04.2009", "11"],
        ["", "Гуманова", "Зоя", "", "03.04.2009", "11 (соц-гум)"],
        ["", "Десятов", "Олег", "", "03.04.2010", "10-1"],
        Кабинеты=[["Кабинет"], ["1-05"], ["105"], ["2-1"], ["21"]],
        Классы=[["Класс", "Кабинет"], ["1-1", "1-05"], ["11", "105"], ["11 (соц-гум)", ""], ["10-1", ""], ["12А", ""]],
    )
    loaded = load(sheets)
    assert loaded.errors == []
    assert Room.objects.count() == 4
    assert {(one.name, one.parallel, one.letter) for one in Group.objects.all()} == {
        ("1-1", 1, "1"),
        ("11", 11, ""),
        ("11 (соц-гум)", 11, "соц-гум"),
        ("10-1", 10, "1"),
        ("12А", 12, "А"),
    }
    where = {one.student.last_name: one.group.name for one in Enrollment.objects.select_related("student", "group")}
    assert where == {"Первых": "1-1", "Старшая": "11", "Гуманова": "11 (соц-гум)", "Десятов": "10-1"}
    assert load(sheets).changes == {}


def test_class_without_a_parallel_in_its_name_says_it_in_a_column(load: Load) -> None:
    """F2."""
    pupil = ["", "Лесная", "Мария", "", "03.04.2016", "Эльфы"]
    refused = load(school_of(pupil, Классы=[["Класс"], ["Эльфы"]]))
    assert any("не видно, какая это параллель" in one for one in refused.errors)
    loaded = load(school_of(pupil, Классы=[["Класс", "Параллель"], ["Эльфы", "3"]]))
    assert loaded.errors == []
    assert (Group.objects.get().name, Group.objects.get().parallel) == ("Эльфы", 3)


def without(sheets: dict[str, Any], sheet: str, *columns: str) -> dict[str, Any]:
    gone = {sheets[sheet][0].index(one) for one in columns}
    rows = [[cell for at, cell in enumerate(row) if at not in gone] for row in sheets[sheet]]
    return {**sheets, sheet: rows}


def changed(sheets: dict[str, Any], change: Any) -> dict[str, Any]:
    return {name: [[change(str(cell)) for cell in row] for row in rows] for name, rows in sheets.items()}


AGAIN: dict[str, Any] = {
    "as it was": lambda sheets: sheets,
    "without birth dates": lambda sheets: without(sheets, "Ученики", "Дата рождения"),
    "without patronymics": lambda sheets: without(sheets, "Сотрудники", "Телефон"),
    "ё as е": lambda sheets: changed(sheets, lambda cell: cell.replace("ё", "е")),
    "decomposed": lambda sheets: changed(sheets, lambda cell: unicodedata.normalize("NFD", cell)),
}


@pytest.mark.parametrize("way", AGAIN)
def test_the_same_list_again_changes_nothing(load: Load, way: str) -> None:
    """F3, F9."""
    sheets = small_school()
    sheets["Ученики"].append(["Чайкин", "Андрей", "Семёнович", "01.02.2013", "м", "7Б", ""])
    del sheets["Ученики"][4]
    load(sheets)
    again = load(AGAIN[way](sheets))
    assert again.errors == []
    assert again.changes == {}
    assert again.outcome.accounts == 0


def test_list_without_patronymics_makes_nobody_twice(load: Load) -> None:
    """F3: a patronymic is optional too, of pupils, staff and guardians."""
    load(small_school())
    before = (Student.objects.count(), Staff.objects.count(), Guardian.objects.count())
    again = load(
        {
            "Ученики": [["Фамилия", "Имя", "Класс"], ["Иванова", "Мария", "7А"], ["Сидоров", "Пётр", "7А"]],
            "Сотрудники": [["Фамилия", "Имя"], ["Петрова", "Анна"]],
            "Представители": [["Фамилия", "Имя", "Ученик"], ["Иванова", "Ольга", "Иванова Мария"]],
        }
    )
    assert again.errors == []
    assert again.outcome.accounts == 0
    assert (Student.objects.count(), Staff.objects.count(), Guardian.objects.count()) == before


def test_mother_with_another_phone_is_the_same_mother(load: Load) -> None:
    """F3."""
    load(small_school())
    again = load(
        {"Представители": [["Фамилия", "Имя", "Отчество", "Ученик", "Телефон"],
                           ["Иванова", "Ольга", "Викторовна", "Иванова Мария", "+79160005999"]]}
    )  # fmt: skip
    assert again.outcome.accounts == 0
    assert Guardian.objects.count() == 2


@pytest.mark.parametrize(
    "row",
    [
        ["", "Повторов", "Иван", "Ильич", "", "8Б"],
        ["", "Повторов", "Иван", "", "", "8Б"],
        ["", "Повторов", "Иван", "Ильич", "02.02.2013", "7А"],
    ],
)
def test_namesake_in_doubt_is_a_question(load: Load, row: list[str]) -> None:
    """F3: in another class without a birth date, or in the same class with another one."""
    load(school_of(["", "Повторов", "Иван", "Ильич", "01.02.2013", "7А"], ["", "Иной", "Лев", "", "", "8Б"]))
    loaded = load(school_of(row))
    assert any("Непонятно, об одном ли и том же" in one and "7А, 01.02.2013" in one for one in loaded.errors)
    assert Student.objects.count() == 2


def test_namesake_with_a_code_of_his_own_is_another_pupil(load: Load) -> None:
    load(school_of(["1", "Повторов", "Иван", "Ильич", "", "7А"]))
    loaded = load(school_of(["2", "Повторов", "Иван", "Ильич", "", "8Б"]))
    assert loaded.errors == []
    assert Student.objects.count() == 2


def test_row_that_may_be_two_pupils_of_the_class_is_a_question(load: Load) -> None:
    load(
        school_of(
            ["", "Повторов", "Иван", "Ильич", "01.02.2013", "7А"],
            ["", "Повторов", "Иван", "Петрович", "01.03.2013", "7А"],
        )
    )
    loaded = load(school_of(["", "Повторов", "Иван", "", "", "7А"]))
    assert any("Ильич" in one and "Петрович" in one for one in loaded.errors)


def test_two_rows_of_one_list_that_may_be_one_pupil_are_asked(load: Load) -> None:
    """F3: one row with a birth date, one without."""
    loaded = load(
        school_of(
            ["", "Повторов", "Иван", "Ильич", "01.02.2013", "7А"],
            ["", "Повторов", "Иван", "", "", "7А"],
        )
    )
    assert any("Похоже, это тот же ученик" in one for one in loaded.errors)


def test_code_of_somebody_else_renames_nobody(load: Load) -> None:
    """F3: numbers of a list are no codes."""
    load(school_of(["1", "Повторов", "Иван", "", "", "7А"]))
    loaded = load(school_of(["1", "Другая", "Мария", "", "", "7Б"]))
    assert any("Код «1» в школе у другого человека: Повторов Иван" in one for one in loaded.errors)
    assert Student.objects.get().last_name == "Повторов"


def test_room_list_without_buildings_makes_no_second_room(load: Load) -> None:
    """F3: a building is optional too."""
    load({"Кабинеты": [["Кабинет", "Корпус"], ["205", "А"], ["301", "А"], ["301", "Б"]]})
    loaded = load({"Кабинеты": [["Кабинет", "Мест"], ["205", "30"]]})
    assert loaded.errors == []
    assert (Room.objects.count(), Room.objects.get(capacity=30).name) == (3, "А, 205")
    assert load({"Кабинеты": [["Кабинет"], ["301"]]}).errors


@pytest.mark.parametrize("name", ["Фамилия, имя, отчество", "ФИО"])
def test_commas_of_a_list_are_no_part_of_a_name(load: Load, name: str) -> None:
    """F12."""
    load(
        {
            "Периоды": YEAR,
            "Школа": [["Название"], ["Школа № 1"]],
            "Классы": [["Класс"], ["7А"]],
            "Ученики": [[name, "Класс"], ["Шапкин, Иван, Ильич", "7А"]],
        }
    )
    one = Student.objects.get()
    assert (one.last_name, one.first_name, one.middle_name) == ("Шапкин", "Иван", "Ильич")


def test_course_is_found_by_the_class_as_it_is_written(load: Load) -> None:
    """F2."""
    sheets = school_of(
        ["", "Первых", "Иван", "", "01.02.2019", "1-1"],
        Сотрудники=[["ФИО"], ["Петрова Анна Сергеевна"]],
        Предметы=[["Предмет"], ["Чтение"]],
        Классы=[["Класс"], ["1-1"], ["11"]],
        Курсы=[["Класс", "Предмет", "Учитель"], ["1-1", "Чтение", "Петрова А.С."]],
    )
    assert load(sheets).errors == []
    assert Course.objects.get().group.name == "1-1"
