"""C2: each school's pages go by that school's clock, whoever reads them and wherever the server stands."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client

from diary.desks.home.queries.family import family
from diary.desks.home.tests.scenes import loaded
from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.people.roster.models import Guardian, Student
from diary.schoolwork.gradebook.actions import CellEntry, CellsRefused, enter_cells
from diary.schoolwork.homework.models import Homework
from tests.far_schools import FarSchool
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("plain_static_files")
Browser = Callable[[str], Client]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (dt.date(2026, 10, day) for day in (12, 13, 14, 15))
KAMCHATKA, KALININGRAD = ZoneInfo("Asia/Kamchatka"), ZoneInfo("Europe/Kaliningrad")
FIRST_LESSON = dt.datetime(2026, 10, 14, 8, 50, tzinfo=KAMCHATKA)  # 13 October, 23:50 in Moscow
LATE = dt.datetime(2026, 10, 13, 23, 30, tzinfo=KALININGRAD)  # 14 October, 00:30 in Moscow


@pytest.fixture(autouse=True)
def far_schools(cast: Cast) -> Iterator[None]:
    """The far schools in scope too."""
    with school_scope(cast.school_ids):
        yield


def enter(cast: Cast, far: FarSchool, who: str, day: dt.date, text: str) -> None:
    entry = CellEntry(far.lessons[day].id, far.pupil.id, text, 0)
    with transaction.atomic():
        enter_cells(cast.actor(who), loaded(far.course), cells=[entry], key=uuid.uuid4())


def todays_card(page: str) -> str:
    """The heading of the day that the diary says is today."""
    found = re.search(r'id="today".*?<h2[^>]*>(.*?)</h2>', page, re.DOTALL)
    return found[1] if found else ""


def test_a_mark_is_entered_in_kamchatka_during_the_first_lesson(cast: Cast) -> None:
    with clock.fixed(FIRST_LESSON):
        enter(cast, cast.kamchatka, "kam_teacher", WEDNESDAY, "5")
        with pytest.raises(CellsRefused, match="ещё не прошёл"):
            enter(cast, cast.kamchatka, "kam_teacher", THURSDAY, "н")


def test_a_mark_waits_in_kaliningrad_until_its_own_midnight(cast: Cast) -> None:
    with clock.fixed(LATE), pytest.raises(CellsRefused, match="ещё не прошёл"):
        enter(cast, cast.kaliningrad, "kal_teacher", WEDNESDAY, "5")
    with clock.fixed(LATE + dt.timedelta(minutes=30)):
        enter(cast, cast.kaliningrad, "kal_teacher", WEDNESDAY, "5")


@pytest.mark.parametrize(
    ("moment", "kamchatka", "kaliningrad"),
    [(FIRST_LESSON, "Среда, 14 октября", "Вторник, 13 октября"), (LATE, "Среда, 14 октября", "Вторник, 13 октября")],
)
def test_a_parent_of_two_schools_sees_each_by_its_own_clock(
    cast: Cast, client_of: Browser, moment: dt.datetime, kamchatka: str, kaliningrad: str
) -> None:
    with clock.fixed(moment):
        browser = client_of("kam_parent")
        shown = [todays_card(browser.get(f"/diary/{far.pupil.id}/").text) for far in (cast.kamchatka, cast.kaliningrad)]
    assert shown == [kamchatka, kaliningrad]


def test_what_is_drawn_is_drawn_anew_at_the_schools_midnight(cast: Cast, client_of: Browser) -> None:
    browser, address = client_of("kal_parent"), f"/diary/{cast.kaliningrad.pupil.id}/?part=1"
    seen = []
    for minutes in (0, 29, 30):
        with clock.fixed(LATE + dt.timedelta(minutes=minutes)):
            seen.append(todays_card(browser.get(address).text))
    assert seen == ["Вторник, 13 октября", "Вторник, 13 октября", "Среда, 14 октября"]


def test_homework_for_tomorrow_is_the_schools_tomorrow(cast: Cast, client_of: Browser) -> None:
    far = cast.kamchatka
    for given, day, text in ((MONDAY, WEDNESDAY, "на среду"), (TUESDAY, THURSDAY, "на четверг")):
        Homework.objects.create(
            school_id=far.school.id,
            course_id=far.course.id,
            given_at_id=far.lessons[given].id,
            chosen_on=day,
            text=text,
        )
    with clock.fixed(FIRST_LESSON):
        page = client_of("kam_pupil").get(f"/diary/{far.pupil.id}/?part=1").text
    ahead = page[page.index("На завтра") :]
    assert "на четверг" in ahead[: ahead.index("</article>")]


def test_the_time_of_a_change_is_shown_by_the_schools_clock(cast: Cast, client_of: Browser) -> None:
    with clock.fixed(FIRST_LESSON):
        enter(cast, cast.kamchatka, "kam_teacher", WEDNESDAY, "4")
        lesson = cast.kamchatka.lessons[WEDNESDAY].id
        page = client_of("kam_parent").get(f"/diary/{cast.kamchatka.pupil.id}/lessons/{lesson}/").text
        pupil = cast.kamchatka.pupil.id
        menu = client_of("kam_teacher").get(f"/journal/{cast.kamchatka.course.id}/cells/{lesson}/{pupil}/").text
    assert "14 октября 2026, 08:50:00" in page
    assert "14.10.2026 08:50" in menu


def test_the_journal_marks_the_schools_own_day(cast: Cast, client_of: Browser) -> None:
    with clock.fixed(FIRST_LESSON):
        page = client_of("kam_teacher").get(f"/journal/{cast.kamchatka.course.id}/").text
    heads = re.findall(r"<th[^>]*aria-current=\"date\"[^>]*>", page)
    assert [str(cast.kamchatka.lessons[WEDNESDAY].id) in head for head in heads] == [True]


def test_the_week_of_a_teacher_opens_at_the_schools_week(cast: Cast, client_of: Browser) -> None:
    monday_morning = dt.datetime(2026, 10, 19, 8, 0, tzinfo=KAMCHATKA)  # Sunday evening in Moscow
    with clock.fixed(monday_morning):
        assert "19–24 октября" in client_of("kam_teacher").get("/timetable/").text


@pytest.mark.parametrize(("minutes", "is_open"), [(29, True), (30, False)])
def test_access_of_a_guardian_ends_at_the_schools_midnight(cast: Cast, minutes: int, is_open: bool) -> None:
    links = Guardian.objects.filter(school_id=cast.kaliningrad.school.id, user=cast.users["kal_parent"])
    links.update(until=WEDNESDAY)
    with clock.fixed(LATE + dt.timedelta(minutes=minutes)):
        actor = cast.actor("kal_parent")
        assert [one.id for one in family(actor)] == ([cast.kaliningrad.pupil.id] if is_open else [])
        assert Student.objects.family_of(actor).exists() is is_open
        assert links.in_force().exists() is is_open
        assert links.select_related("school").get().is_over is not is_open


def test_sign_ins_are_told_by_the_clock_of_the_persons_first_school(cast: Cast) -> None:
    assert cast.actor("kal_parent").zone == "Europe/Kaliningrad"
    assert cast.actor("kam_parent").zone == "Asia/Kamchatka"
    assert cast.actor("anna").zone == "Europe/Moscow"
