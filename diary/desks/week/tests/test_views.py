"""The timetable of those who work in the school: whose week, forbidden roles, bad input, counted statements."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diary.schoolwork.timetable.models import Lesson
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("plain_static_files")
Browser = Callable[[str], Client]
ADDRESS = "/timetable/"
WEEK = {"week": "2026-10-12"}


def test_teacher_sees_the_own_week_first(cast: Cast, client_of: Browser) -> None:
    page = client_of("anna").get(ADDRESS).text
    assert "12–17 октября" in page
    assert "моё" in page
    assert page.count("slot-subject") == 3


def test_office_sees_the_first_class_first(cast: Cast, client_of: Browser) -> None:
    page = client_of("zoya").get(ADDRESS).text
    assert "Литературное чтение" in page


@pytest.mark.parametrize("who", ["anna", "zoya", "gleb", "tikhon", "lena"])
def test_everyone_on_the_staff_may_choose_a_class(cast: Cast, client_of: Browser, who: str) -> None:
    page = client_of(who).get(ADDRESS, {"class": cast.class_7a.id}).text
    assert "Русский язык" in page
    assert "7А англ. 1" in page


def test_lesson_leads_to_the_journal_only_for_those_who_may_open_it(cast: Cast, client_of: Browser) -> None:
    journal = f"/journal/{cast.algebra.id}/"
    assert journal in client_of("anna").get(ADDRESS).text
    assert journal in client_of("zoya").get(ADDRESS, {"class": cast.class_7a.id}).text
    assert journal not in client_of("boris").get(ADDRESS, {"class": cast.class_7a.id}).text
    assert journal not in client_of("tikhon").get(ADDRESS, {"class": cast.class_7a.id}).text


@pytest.mark.parametrize("who", ["masha", "olga"])
def test_family_has_another_page(cast: Cast, client_of: Browser, who: str) -> None:
    assert client_of(who).get(ADDRESS).status_code == 403


def test_anonymous_visitor_goes_to_sign_in(cast: Cast) -> None:
    assert Client().get(ADDRESS).url.startswith("/sign-in/")


def test_class_of_another_school_is_not_shown(cast: Cast, client_of: Browser) -> None:
    page = client_of("chuzhoy").get(ADDRESS, {"class": cast.class_7a.id}).text
    assert "Русский язык" not in page
    assert f'value="{cast.class_7a.id}"' not in page


@pytest.mark.parametrize(
    "query", [{"week": "x"}, {"class": "x"}, {"teacher": "' OR 1=1"}, {"class": str(uuid.uuid4())}]
)
def test_malformed_choice_opens_the_usual_one(cast: Cast, client_of: Browser, query: dict[str, str]) -> None:
    assert "моё" in client_of("anna").get(ADDRESS, query).text


def test_empty_week_says_what_will_be_here(cast: Cast, client_of: Browser) -> None:
    assert "уроков нет" in client_of("anna").get(ADDRESS, {"week": "2026-10-26"}).text


def statements(browser: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(ADDRESS, WEEK).status_code == 200
    around = ("SAVEPOINT", "RELEASE", "SET LOCAL")
    return 1 + sum(not query["sql"].startswith(around) for query in captured.captured_queries)


def test_page_costs_the_same_few_statements_for_one_row_and_for_thirty(cast: Cast, client_of: Browser) -> None:
    browser = client_of("anna")
    few = statements(browser)
    for number in range(8, 38):
        lesson = cast.lessons[3]
        Lesson.objects.create(
            school=cast.school,
            course=cast.algebra,
            period=cast.period,
            held_on=lesson.held_on,
            number=number,
            starts_at=lesson.starts_at,
            ends_at=lesson.ends_at,
            teacher=cast.algebra.teacher,
        )
    assert few == statements(browser) <= 7
