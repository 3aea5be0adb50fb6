"""Pages of students and parents through the door: allowed, forbidden, bad input, counted statements."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from diary.desks.home.tests.scenes import counted, enter, enter_all, give
from diary.foundation.audit.models import AuditEvent
from diary.people.accounts.models import RoleGrant
from diary.people.notifications.models import Notification
from diary.people.roster.models import Guardian
from diary.schoolwork.gradebook.actions import CellEntry
from diary.schoolwork.homework.models import HomeworkTick
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.timetable.models import Lesson
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("plain_static_files")
Browser = Callable[[str], Client]
STAFF = ("anna", "boris", "vera", "zoya", "gleb", "tikhon", "lena", "chuzhoy")
STRANGERS = ("petya", "igor", "kolya", "chuzhaya_pupil")


def diary_of(cast: Cast) -> str:
    return f"/diary/{cast.masha.id}/"


def addresses(cast: Cast) -> list[str]:
    diary = diary_of(cast)
    return [diary, f"{diary}marks/", f"{diary}timetable/", f"{diary}lessons/{cast.lessons[3].id}/"]


@pytest.mark.parametrize("who", ["masha", "olga", "pavel"])
def test_family_opens_every_page(cast: Cast, client_of: Browser, who: str) -> None:
    for address in addresses(cast):
        answer = client_of(who).get(address)
        assert answer.status_code == 200, address
        assert "live-region" in answer.text


@pytest.mark.parametrize("who", STRANGERS)
def test_foreign_student_is_not_found(cast: Cast, client_of: Browser, who: str) -> None:
    assert {client_of(who).get(address).status_code for address in addresses(cast)} == {404}


@pytest.mark.parametrize("who", STAFF)
def test_staff_are_refused_by_role(cast: Cast, client_of: Browser, who: str) -> None:
    entries = ["/diary/", "/marks/", "/my-timetable/"]
    assert {client_of(who).get(address).status_code for address in (*entries, *addresses(cast))} == {403}


def test_anonymous_visitor_goes_to_sign_in(cast: Cast) -> None:
    for address in ("/", "/diary/", *addresses(cast)):
        assert Client().get(address).url.startswith("/sign-in/")


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("masha", "/diary/"),
        ("olga", "/diary/"),
        ("anna", "/journal/"),
        ("zoya", "/timetable/"),
        ("gleb", "/office/"),
        ("tikhon", "/security-desk/"),
        ("lena", "/support/accounts/"),
    ],
)
def test_front_door_leads_to_the_page_of_the_role(cast: Cast, client_of: Browser, who: str, expected: str) -> None:
    assert client_of(who).get("/").url == expected


def test_somebody_without_any_role_gets_a_friendly_page(cast: Cast, client_of: Browser) -> None:
    RoleGrant.objects.filter(user=cast.users["igor"]).delete()
    answer = client_of("igor").get("/")
    assert (answer.status_code, "Здесь будет дневник ребёнка" in answer.text) == (200, True)


@pytest.mark.parametrize("name", ["diary", "marks", "timetable"])
def test_entry_leads_to_the_first_child_and_then_to_the_last_chosen(cast: Cast, client_of: Browser, name: str) -> None:
    browser = client_of("olga")
    entry = reverse(f"home:{name}_entry")
    assert str(cast.masha.id) in browser.get(entry).url
    browser.get(f"/diary/{cast.foreign_student.id}/")
    assert str(cast.foreign_student.id) in browser.get(entry).url


def test_child_switch_keeps_the_page_and_the_week(cast: Cast, client_of: Browser) -> None:
    page = client_of("olga").get(diary_of(cast) + "?week=2026-10-05").text
    assert f'href="/diary/{cast.foreign_student.id}/?week=2026-10-05#today"' in page
    assert "child-switch" not in client_of("masha").get(diary_of(cast)).text


def test_parent_without_a_child_gets_a_friendly_page(cast: Cast, client_of: Browser) -> None:
    Guardian.objects.filter(user=cast.users["igor"]).delete()
    answer = client_of("igor").get("/diary/")
    assert answer.status_code == 200
    assert "Здесь будет дневник ребёнка" in answer.text


@pytest.mark.parametrize("week", ["", "вчера", "2026-13-01", "0001-01-01", "9999-12-31", "2026-10-14' OR 1=1"])
def test_malformed_week_opens_the_present_one(cast: Cast, client_of: Browser, week: str) -> None:
    assert "12–17 октября" in client_of("masha").get(diary_of(cast), {"week": week}).text


@pytest.mark.parametrize("period", ["", "x", "0f5a1d5e-3c44-4f0b-9a54-0d6c0b8f2a11"])
def test_malformed_period_opens_the_present_one(cast: Cast, client_of: Browser, period: str) -> None:
    answer = client_of("masha").get(f"{diary_of(cast)}marks/", {"period": period})
    assert "1 четверть" in answer.text


def test_part_answers_the_fragment_alone(cast: Cast, client_of: Browser) -> None:
    for address in addresses(cast):
        answer = client_of("masha").get(address, {"part": "1"})
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert "live-region" not in answer.text


@pytest.mark.parametrize("who", ["petya", "anna"])
def test_part_stands_behind_the_same_door(cast: Cast, client_of: Browser, who: str) -> None:
    assert client_of(who).get(diary_of(cast), {"part": "1"}).status_code in (403, 404)


def test_new_mark_glows_and_is_counted(cast: Cast, client_of: Browser) -> None:
    (mark,) = enter(cast, "5")
    page = client_of("olga").get(diary_of(cast)).text
    assert f'data-mark="{mark.id}"' in page
    assert "1 новая" in page


def test_lesson_card_keeps_the_private_note_private(cast: Cast, client_of: Browser) -> None:
    LessonTopic.objects.create(school=cast.school, lesson=cast.lessons[3], topic="Дроби", note="Маша списывает")
    page = client_of("olga").get(addresses(cast)[3]).text
    assert "Дроби" in page
    assert "списывает" not in page


def test_lesson_of_another_class_is_not_found(cast: Cast, client_of: Browser) -> None:
    other = Lesson.objects.get(course_id=cast.algebra_7b.id)
    assert client_of("masha").get(f"{diary_of(cast)}lessons/{other.id}/").status_code == 404


def test_teachers_words_are_escaped(cast: Cast, client_of: Browser) -> None:
    give(cast, "<script>alert(1)</script>", given=cast.lessons[3])
    assert "<script>alert" not in client_of("masha").get(diary_of(cast)).text


def tick_address(cast: Cast) -> str:
    homework = give(cast, "№ 12", given=cast.lessons[3])
    return f"{diary_of(cast)}homework/{homework.id}/tick/"


def test_script_ticks_and_takes_back(cast: Cast, client_of: Browser) -> None:
    address = tick_address(cast)
    for done in (True, True, False):
        answer = client_of("olga").post(address, {"done": done}, content_type="application/json")
        assert (answer.status_code, answer.json()) == (200, {"done": done})
        assert HomeworkTick.objects.count() == int(done)
    assert AuditEvent.objects.filter(action="homework.tick_homework").count() == 3


def test_form_ticks_and_goes_back(cast: Cast, client_of: Browser) -> None:
    answer = client_of("masha").post(tick_address(cast), {"done": "1"})
    assert (answer.status_code, answer.url) == (302, diary_of(cast))
    assert HomeworkTick.objects.count() == 1


def test_reading_guardian_is_told_why_not(cast: Cast, client_of: Browser) -> None:
    Guardian.objects.filter(user=cast.users["pavel"]).update(rights=Guardian.Rights.READ)
    answer = client_of("pavel").post(tick_address(cast), {"done": True}, content_type="application/json")
    assert answer.status_code == 403
    assert "только просмотр" in answer.json()["message"]
    assert HomeworkTick.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("petya", 404), ("igor", 404), ("anna", 403), ("gleb", 403)])
def test_stranger_ticks_nothing(cast: Cast, client_of: Browser, who: str, status: int) -> None:
    assert client_of(who).post(tick_address(cast), {"done": "1"}).status_code == status
    assert HomeworkTick.objects.count() == 0


def test_bad_tick_and_unknown_homework(cast: Cast, client_of: Browser) -> None:
    assert client_of("masha").post(tick_address(cast), "{", content_type="application/json").status_code == 422
    unknown = f"{diary_of(cast)}homework/{uuid.uuid4()}/tick/"
    assert client_of("masha").post(unknown, {"done": "1"}).status_code == 404
    assert client_of("masha").get(unknown).status_code == 405


def test_seen_marks_stop_glowing_for_the_reader_alone(cast: Cast, client_of: Browser) -> None:
    (mark,) = enter(cast, "5")
    body = json.dumps({"ids": [str(mark.id)]})
    answer = client_of("olga").post(f"{diary_of(cast)}seen/", body, content_type="application/json")
    assert answer.json() == {"seen": 1}
    unseen = Notification.objects.filter(seen_at__isnull=True).values_list("user_id", flat=True)
    assert cast.users["olga"].id not in unseen
    assert cast.users["masha"].id in unseen
    assert client_of("petya").post(f"{diary_of(cast)}seen/", body, content_type="application/json").status_code == 404


def statements_of(browser: Client, address: str) -> list[str]:
    statements: list[str] = []
    with counted(statements):
        assert browser.get(address).status_code == 200
    return statements


@pytest.mark.parametrize(("which", "limit"), [(0, 10), (1, 8), (2, 5), (3, 8)])
def test_page_costs_the_same_few_statements_for_one_row_and_for_thirty(
    cast: Cast, client_of: Browser, which: int, limit: int
) -> None:
    browser, address = client_of("olga"), addresses(cast)[which]
    browser.get(address)  # the cookie of the last chosen child
    enter(cast, "5")
    few = statements_of(browser, address)
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
    added = list(Lesson.objects.filter(number__gte=8))
    enter_all(cast, [CellEntry(lesson.id, cast.masha.id, "4 5", 0) for lesson in added])
    for lesson in added:
        give(cast, "№ 1", given=lesson)
    many = statements_of(browser, address)
    assert len(few) == len(many) <= limit, "\n".join(many)
