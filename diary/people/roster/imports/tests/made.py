"""Makes school files for tests: tables of plain rows as CSV, ZIP or workbook."""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO

import xlsxwriter  # type: ignore[import-untyped]

Rows = Sequence[Sequence[object]]

TODAY = date(2026, 9, 1)


def as_csv(rows: Rows, *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_zip(sheets: Mapping[str, Rows], *, encoding: str = "utf-8-sig") -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in sheets.items():
            archive.writestr(f"{name}.csv", as_csv(rows, encoding=encoding))
    return packed.getvalue()


def as_workbook(sheets: Mapping[str, Rows]) -> bytes:
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for position, value in enumerate(row):
                    page.write(number, position, value)
    return packed.getvalue()


def small_school() -> dict[str, list[list[object]]]:
    """One whole school: 7А and 7Б, two subgroups of English, four pupils, a guardian with two children, a timetable."""
    return {
        "Школа": [["Название", "Краткое название"], ["МБОУ СОШ № 1", "Школа № 1"]],
        "Периоды": [
            ["Учебный год", "Период", "Параллели", "Начало", "Конец"],
            ["2026/2027", "Учебный год", "", "01.09.2026", "31.05.2027"],
            ["2026/2027", "1 четверть", "1-9", "01.09.2026", "25.10.2026"],
            ["2026/2027", "2 четверть", "1-9", "03.11.2026", "30.12.2026"],
            ["2026/2027", "1 полугодие", "10, 11", "01.09.2026", "30.12.2026"],
        ],
        "Звонки": [["Урок", "Начало", "Конец"], ["1", "08:30", "09:15"], ["2", "09:25", "10:10"]],
        "Предметы": [["Предмет"], ["Алгебра"], ["Английский язык"]],
        "Кабинеты": [["Кабинет", "Мест"], ["205", "30"], ["Спортзал", ""]],
        "Сотрудники": [
            ["ФИО", "Должность", "Телефон"],
            ["Петрова Анна Сергеевна", "учитель математики", "89160000001"],
            ["Орлова Вера Ильинична", "завуч", "+7 916 000-00-02"],
        ],
        "Классы": [
            ["Класс", "Классный руководитель", "Кабинет"],
            ["7А", "Орлова В.И.", "205"],
            ["7Б", "Петрова Анна", ""],
        ],
        "Подгруппы": [
            ["Подгруппа", "Деление", "Классы"],
            ["1 группа", "Английский язык", "7А"],
            ["2 группа", "Английский язык", "7А"],
            ["1 группа", "Английский язык", "7Б"],
        ],
        "Ученики": [
            ["Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Класс", "Подгруппы"],
            ["Иванова", "Мария", "Петровна", "05.03.2013", "ж", "7А", "1 группа"],
            ["Сидоров", "Пётр", "", "2013-04-06", "м", "7 «а»", "2 группа"],
            ["Иванов", "Олег", "Петрович", "07.05.2013", "м", "7Б", "1 группа"],
            ["Иванов", "Олег", "Ильич", "07.05.2013", "м", "7А", ""],
        ],
        "Представители": [
            ["Фамилия", "Имя", "Отчество", "Кем приходится", "Телефон", "Ученик", "Класс ученика"],
            ["Иванова", "Ольга", "Викторовна", "мать", "9160000003", "Иванова Мария", ""],
            ["Иванова", "Ольга", "Викторовна", "мать", "8 (916) 000-00-03", "Иванов Олег", "7Б"],
        ],
        "Курсы": [
            ["Класс", "Подгруппа", "Предмет", "Учитель", "Часов в неделю"],
            ["7А", "", "Алгебра", "Петрова А.С.", "3"],
            ["7А", "1 группа", "Английский язык", "Орлова Вера Ильинична", "1,5"],
        ],
        "Расписание": [
            ["Класс", "Подгруппа", "Предмет", "День", "Урок", "Кабинет"],
            ["7А", "", "Алгебра", "пн", "1", "205"],
            ["7А", "1 группа", "Английский язык", "вторник", "2", ""],
        ],
    }


def large_school(classes: int = 84, size: int = 28) -> dict[str, Rows]:
    """About 5,000 people: 2,352 pupils, as many guardians and 300 of staff, with courses and a timetable."""
    names = [f"{1 + number % 11}{'АБВГДЕЖЗ'[number // 11]}" for number in range(classes)]
    staff = [[f"у{n}", f"Учитель{n} Имя Отчество", f"8916{n:07d}"] for n in range(300)]
    subjects = [f"Предмет {n}" for n in range(14)]
    pupils: list[list[object]] = []
    guardians: list[list[object]] = []
    moves: list[list[object]] = []
    for name in names:
        for number in range(size):
            code = f"{name}-{number}"
            pupils.append([code, f"Фамилия{number}", f"Имя{name}", "Отчество", date(2013, 1, 1 + number), "м", name])
            guardians.append([f"Фамилия{number}", f"Мать{name}", "мать", f"+7917{len(guardians):07d}", code])
            moves.append([code, name, date(2026, 9, 1)])
    courses = [
        [name, subject, f"у{(n + m) % 300}", 3] for m, name in enumerate(names) for n, subject in enumerate(subjects)
    ]
    slots = [
        [name, subjects[(day * 6 + lesson) % 14], day, lesson]
        for name in names
        for day in range(1, 6)
        for lesson in range(1, 7)
    ]
    return {
        "Школа": [["Название"], ["Большая школа"]],
        "Звонки": [["Урок", "Начало", "Конец"], *([str(n), f"{8 + n:02d}:00", f"{8 + n:02d}:45"] for n in range(1, 8))],
        "Предметы": [["Предмет"], *([subject] for subject in subjects)],
        "Сотрудники": [["Код", "ФИО", "Телефон"], *staff],
        "Классы": [["Класс"], *([name] for name in names)],
        "Ученики": [["Код", "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Класс"], *pupils],
        "Представители": [["Фамилия", "Имя", "Кем приходится", "Телефон", "Ученик"], *guardians],
        "Зачисления": [["Ученик", "Класс", "С"], *moves],
        "Курсы": [["Класс", "Предмет", "Учитель", "Часов в неделю"], *courses],
        "Расписание": [["Класс", "Предмет", "День", "Урок"], *slots],
    }
