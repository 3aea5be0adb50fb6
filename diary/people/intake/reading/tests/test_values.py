"""Cells as people write them, and what is told when they cannot be understood."""

import contextlib
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.people.intake.reading import values
from diary.people.intake.reading.values import BadValueError
from diary.people.intake.records import Gender, Marking, PeriodKind, StaffRole, Week
from diary.people.roster.rules.names import PersonName

GOOD: list[tuple[Callable[[str], object], str, object]] = [
    (values.parse_date, "01.09.2026", date(2026, 9, 1)),
    (values.parse_date, "1.9.26", date(2026, 9, 1)),
    (values.parse_date, "01/09/2026", date(2026, 9, 1)),
    (values.parse_date, "01.09.2026 г.", date(2026, 9, 1)),
    (values.parse_date, "2026-09-01", date(2026, 9, 1)),
    (values.parse_date, "2026-09-01 00:00:00", date(2026, 9, 1)),
    (values.parse_date, "2026-09-01T00:00:00.000Z", date(2026, 9, 1)),
    (values.parse_date, "46266", date(2026, 9, 1)),
    (values.parse_date, "1 сентября 2026 г.", date(2026, 9, 1)),
    (values.parse_date, "5 мая 2013", date(2013, 5, 5)),
    (values.parse_date, "5 марта 2013", date(2013, 3, 5)),
    (values.parse_time, "8:30", time(8, 30)),
    (values.parse_time, "08.30", time(8, 30)),
    (values.parse_time, "08:30:00", time(8, 30)),
    (values.parse_time, "0.354166666", time(8, 30)),
    (values.parse_hours, "1,5", Decimal("1.5")),
    (values.parse_grades, "1-4", (1, 2, 3, 4)),
    (values.parse_grades, "5, 6; 9–11 классы", (5, 6, 9, 10, 11)),
    (values.parse_grades, "все", ()),
    (values.parse_weekday, "Понедельник", 1),
    (values.parse_weekday, "сб", 6),
    (values.parse_weekday, "3", 3),
    (values.parse_weekdays, "пн-пт", (1, 2, 3, 4, 5)),
    (values.parse_weekdays, "пн, ср", (1, 3)),
    (values.parse_weekdays, "", ()),
    (values.parse_phone, "9160000001", "+79160000001"),
    (values.parse_phone, "8 (916) 000-00-01", "+79160000001"),
    (values.parse_phone, "+7 916 000 00 01", "+79160000001"),
    (values.parse_phone, "+375 29 000-00-01", "+375290000001"),
    (values.parse_email, "Imya@Example.RU", "imya@example.ru"),
    (values.parse_gender, "Ж", Gender.FEMALE),
    (values.parse_gender, "муж.", Gender.MALE),
    (values.parse_marking, "зачёт", Marking.CREDIT),
    (values.parse_marking, "нет", Marking.NONE),
    (values.parse_week, "Чётная", Week.EVEN),
    (values.parse_period_kind, "1 четверть", PeriodKind.QUARTER),
    (values.parse_period_kind, "II полугодие", PeriodKind.HALF_YEAR),
    (values.parse_period_kind, "Учебный год", PeriodKind.YEAR),
    (values.parse_period_kind, "Зимний", PeriodKind.OTHER),
    (values.parse_roles, "учитель; Завуч", (StaffRole.TEACHER, StaffRole.DEPUTY)),
    (values.parse_roles, "", (StaffRole.TEACHER,)),
    (values.roles_of_position, "Учитель физики", (StaffRole.TEACHER,)),
    (values.roles_of_position, "зам. директора по УВР", (StaffRole.DEPUTY,)),
    (values.roles_of_position, "директор", (StaffRole.PRINCIPAL,)),
    (values.parse_name, "Иванов  Пётр Ильич", PersonName("Иванов", "Пётр", "Ильич")),
    (values.parse_name, "Мамедов Али Гусейн оглы", PersonName("Мамедов", "Али", "Гусейн оглы")),
    (values.parse_year_title, "2026/27", "2026/2027"),
    (values.parse_year_title, "2026-2027 уч. год", "2026/2027"),
]

BAD: list[tuple[Callable[[str], object], str]] = [
    (values.parse_date, "31.02.2026"),
    (values.parse_date, "вчера"),
    (values.parse_date, "5"),
    (values.parse_time, "25:00"),
    (values.parse_time, "утром"),
    (values.parse_hours, "много"),
    (values.parse_hours, "NaN"),
    (values.parse_hours, "400"),
    (values.parse_grades, "13"),
    (values.parse_grades, "старшие"),
    (values.parse_weekday, "8"),
    (values.parse_weekdays, "всегда"),
    (values.parse_phone, "12345"),
    (values.parse_phone, "9160000001, 9160000002"),
    (values.parse_phone, "+7 916 000"),
    (values.parse_phone, "нет"),
    (values.parse_email, "imya@"),
    (values.parse_email, "a@b.ru, c@d.ru"),
    (values.parse_email, "имя example.ru"),
    (values.parse_gender, "да"),
    (values.parse_week, "третья"),
    (values.parse_roles, "волшебник"),
    (values.parse_name, "Иванов"),
    (values.parse_year_title, "2026/2029"),
]


@pytest.mark.parametrize(("parse", "text", "value"), GOOD)
def test_a_cell_is_understood(parse: Callable[[str], object], text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(("parse", "text"), BAD)
def test_a_bad_cell_is_refused_with_advice(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(BadValueError) as refusal:
        parse(text)
    assert refusal.value.what
    assert refusal.value.fix


@given(st.dates(date(1951, 1, 1), date(2049, 12, 31)), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%y"]))
def test_every_day_is_read_back(day: date, form: str) -> None:
    assert values.parse_date(day.strftime(form)) == day


@given(st.sampled_from(BAD), st.text(max_size=30))
def test_no_text_raises_anything_but_advice(bad: tuple[Callable[[str], object], str], text: str) -> None:
    parse, _text = bad
    with contextlib.suppress(BadValueError):
        parse(text)


def test_a_list_is_split_by_semicolon_comma_and_line() -> None:
    assert values.split_list("7А; 7Б,7В\n7Г;") == ("7А", "7Б", "7В", "7Г")
