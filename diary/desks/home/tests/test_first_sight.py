"""What a family sees first, what stands in «Почему такой балл», and in which language (W4, W9, W13, W15, W16, W17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from diary.desks.home.tests.scenes import enter, give
from diary.foundation.core import clock
from diary.foundation.ui.menu import menu_for, rest_of_menu
from diary.people.accounts.models import RoleGrant
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("plain_static_files")
Browser = Callable[[str], Client]
SATURDAY = dt.datetime(2026, 10, 10, 9, 0, tzinfo=dt.UTC)


def part(browser: Client, cast: Cast, page: str = "", **headers: str) -> str:
    return browser.get(f"/diary/{cast.masha.id}/{page}", {"part": "1"}, headers=headers).text


def test_today_and_the_next_school_day_stand_before_the_week(cast: Cast, client_of: Browser) -> None:
    give(cast, "к пятнице", given=cast.lessons[3])
    page = part(client_of("olga"), cast)
    first, week = page.split('class="diary"')
    assert "Среда, 14 октября" in first
    assert "К следующему учебному дню" in first
    assert "к пятнице" in first
    assert "Среда, 14 октября" not in week
    assert "Понедельник, 12 октября" in week


def test_on_saturday_mondays_homework_comes_first(cast: Cast, client_of: Browser) -> None:
    give(cast, "к понедельнику", given=cast.lessons[2])
    with clock.fixed(SATURDAY):
        first = part(client_of("olga"), cast).split('class="diary"')[0]
    assert "Суббота, 10 октября" in first
    assert "к понедельнику" in first


def test_the_explanation_names_every_sign_and_can_be_closed(cast: Cast, client_of: Browser) -> None:
    enter(cast, "4/оп")
    enter(cast, "н", lesson=cast.lessons[2])
    page = part(client_of("olga"), cast, "marks/")
    why = page[page.index("why-panel") : page.index("</details>")]
    assert "data-close" in why
    assert "Закрыть" in why
    assert "взвешенное среднее" in why
    assert why.count("посещаемость: не считается") == 2
    assert "сумма весов 1 " in why


def test_attendance_stands_in_the_table_of_marks(cast: Cast, client_of: Browser) -> None:
    enter(cast, "б")
    page = part(client_of("olga"), cast, "marks/")
    assert 'class="attendance" title="болезнь"' in page[page.index("<tbody>") :]


def test_a_period_ahead_says_when_it_begins(cast: Cast, client_of: Browser) -> None:
    page = client_of("olga").get(f"/diary/{cast.masha.id}/marks/", {"period": cast.next_period.id}).text
    assert "2 четверть начнётся 2 ноября 2026" in page


def test_english_pages_have_english_numbers_and_names_of_the_product(cast: Cast, client_of: Browser) -> None:
    enter(cast, "4/5")
    browser = client_of("olga")
    browser.cookies["language"] = "en"
    page = browser.get(f"/diary/{cast.masha.id}/marks/").text
    assert "4.50" in page
    assert "4,50" not in page
    assert "Quarter 1" in page
    assert "Answer in class" in page
    assert "четверть" not in page
    assert "Алгебра" in page, "a subject is named by the school"


def test_security_lands_at_a_screen_that_says_what_it_opens(cast: Cast, client_of: Browser) -> None:
    browser = client_of("tikhon")
    page = browser.get(browser.get("/").url).text
    assert 'href="/timetable/"' in page
    assert "/marks/" not in page


def test_nothing_vanishes_from_the_menu_of_an_administrator_who_is_a_guardian(cast: Cast, client_of: Browser) -> None:
    RoleGrant.objects.create(user=cast.users["gleb"], school=cast.school, role="guardian")
    actor = cast.actor("gleb")
    menu = menu_for(actor, "/")
    places = [*menu[:-1], *rest_of_menu(actor)]
    assert len(menu) == 6
    assert len({link.icon for link in places}) == len(places), "no two places with one icon"
    assert {"/diary/", "/marks/", "/my-timetable/", "/timetable/"} <= {link.url for link in places}
    page = client_of("gleb").get("/more/").text
    assert all(f'href="{link.url}"' in page for link in rest_of_menu(actor))
