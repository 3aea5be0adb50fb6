"""Filters, globals and components of templates."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override
from jinja2 import UndefinedError

from diary.foundation.ui.jinja import attributes, date, initials, line_points, moment, number, short_name

pytestmark = pytest.mark.usefixtures("plain_static_files")


def drawn(source: str, **context: Any) -> str:
    """A text with the components at hand, rendered."""
    names = "button, field, select, table, mark, attendance, sparkline, empty_state, pager, progress"
    template = engines.all()[0].from_string(f'{{% from "ui/components.html" import {names} %}}{source}')
    return str(template.render(context))


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Иванов Иван Петрович", "Иванов И. П."),
        ("Серова Анна-Мария", "Серова А.-М."),
        ("Мадонна", "Мадонна"),
        ("Алиев Турал Вагиф оглы", "Алиев Т. В."),
        ("", ""),
    ],
)
def test_short_name_is_family_name_with_initials(full: str, short: str) -> None:
    assert short_name(full).replace("\xa0", " ") == short


def test_initials_are_two_letters() -> None:
    assert initials("Иванов Иван Петрович") == "ИИ"


def test_number_has_the_comma_in_russian() -> None:
    with override("ru"):
        assert number(Decimal("4.5"), 2) == "4,50"
        assert number(None) == ""
    with override("en"):
        assert number(4.56) == "4.56"


def test_date_speaks_the_language_of_the_reader() -> None:
    day = datetime.date(2026, 11, 23)
    with override("ru"):
        assert date(day) == "23 ноября"
    with override("en"):
        assert date(day) == "23 November"
    assert date(None) == ""


def test_moment_is_shown_by_the_clock_it_is_asked_for() -> None:
    at = datetime.datetime(2026, 11, 23, 21, 30, tzinfo=datetime.UTC)
    assert moment(at, "Europe/Moscow", "H:i") == "00:30"
    assert moment(at, "Asia/Kamchatka", "d.m.Y H:i") == "24.11.2026 09:30"
    assert moment(None, "Asia/Kamchatka") == ""
    assert date(datetime.time(8, 30), "H:i") == "08:30"


def test_moment_without_a_clock_is_an_error() -> None:
    with pytest.raises(TypeError):
        date(datetime.datetime(2026, 11, 23, 21, 30, tzinfo=datetime.UTC), "H:i")
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime.datetime(2026, 11, 23, 21, 30), "Europe/Moscow")


def test_attributes_are_escaped_and_switched() -> None:
    made = attributes({"data_week_next": True, "title": '"><b>', "class_": "a", "hidden": False, "id": None})
    assert made == ' data-week-next title="&#34;&gt;&lt;b&gt;" class="a"'


def test_undefined_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        drawn("{{ nobody }}")


def test_values_are_escaped_also_inside_messages() -> None:
    assert "&lt;b&gt;" in drawn('{{ _("Здравствуйте, %(name)s", name=name) }}', name="<b>")
    assert drawn('{{ _("Готово на 5 %") }}') == "Готово на 5 %"
    assert drawn('{{ ngettext("%(n)s урок", "%(n)s уроки", 1) }}') == "1 урок"


def test_context_of_a_view_wins_over_processors() -> None:
    request = RequestFactory().get("/")
    template = engines.all()[0].from_string("{{ child_switch }}")
    assert template.render({}, request) == "None"
    assert template.render({"child_switch": "Маша"}, request) == "Маша"


def test_field_ties_label_hint_and_error_together() -> None:
    page = drawn('{{ field("code", "Код", "12", error="Нет такого", hint="Из письма") }}')
    assert 'for="id_code"' in page
    assert 'aria-describedby="id_code_helptext id_code_error"' in page
    assert 'aria-invalid="true"' in page
    assert "aria-describedby" not in drawn('{{ field("code", "Код") }}')


def test_mark_says_its_kind_and_weight_in_words() -> None:
    page = drawn('{{ mark(5, title="Контрольная", weight=2, is_new=true) }}')
    assert "m5" in page
    assert "Контрольная" in page
    assert "вес" in page
    assert "новая" in page


def test_components_hold_no_style_attribute() -> None:
    page = drawn(
        '{{ sparkline([3, 4, 5], "Ход") }}{{ progress("Идёт", 5) }}{{ attendance("н") }}'
        '{{ pager("Неделя", "/a", none) }}'
        '{{ button("Сдать", icon="check") }}{{ select("r", "Причина", [(1, "а")], 1) }}{{ empty_state("Пусто") }}'
        '{% call table("Оценки", ["Предмет"]) %}<tr></tr>{% endcall %}'
    )
    assert " style=" not in page
    assert "<title>Ход</title>" in page


def test_line_needs_two_values_and_stays_inside() -> None:
    assert line_points([4], 2, 5) == []
    assert line_points([1, 9], 2, 5) == ["3.0,21.0", "93.0,3.0"]
