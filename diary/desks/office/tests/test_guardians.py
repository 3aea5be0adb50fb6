"""«Доступ»: the school's side of family links (A10, A15)."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from diary.people.roster.actions import ask_for_child
from diary.people.roster.models import Guardian, GuardianRequest
from diary.people.roster.tests.families import VANYA, put_on_record
from tests.people import Cast

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def plain_static_files() -> Iterator[None]:
    """Static names without hashes: nothing has been collected."""
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": PLAIN}):
        yield


@pytest.fixture
def asked(cast: Cast) -> GuardianRequest:
    """Игорь asks for Ваня."""
    put_on_record(cast.vanya_1a)
    ask_for_child(cast.actor("igor"), cast.school, given=VANYA, relation="отец")
    return GuardianRequest.objects.get(school_id=cast.school.id)


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_request_stands_beside_what_the_roster_says(cast: Cast, client_of: Browser, asked: GuardianRequest) -> None:
    gleb = client_of("gleb")
    assert "Малышев Иван" in text_of(gleb.get("/office/guardians/"))
    page = text_of(gleb.get(f"/office/guardians/requests/{asked.id}/"))
    assert page.count("IV-ЯЯ 123456") == 2
    assert "1А" in page


@pytest.mark.parametrize("who", ["chuzhoy_admin"])
def test_another_school_has_neither_request_nor_link(
    cast: Cast, client_of: Browser, asked: GuardianRequest, who: str
) -> None:
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    for address in (f"/office/guardians/requests/{asked.id}/", f"/office/guardians/links/{link.id}/"):
        assert client_of(who).get(address).status_code == 404
        assert client_of(who).post(address, {"do": "confirm", "rights": "full"}).status_code == 404
    assert client_of(who).get(f"/office/guardians/?school={cast.school.id}").status_code == 404


def test_administrator_who_asks_elsewhere_sees_his_request_on_his_own_page_only(cast: Cast, client_of: Browser) -> None:
    put_on_record(cast.vanya_1a)
    ask_for_child(cast.actor("chuzhoy_admin"), cast.school, given=VANYA, relation="отец")
    request = GuardianRequest.objects.get(school_id=cast.school.id)
    assert client_of("chuzhoy_admin").get(f"/office/guardians/requests/{request.id}/").status_code == 404


def test_confirming_opens_the_diary(cast: Cast, client_of: Browser, asked: GuardianRequest) -> None:
    igor = client_of("igor")
    assert igor.get(f"/diary/{asked.student_id}/").status_code == 404
    sent = {"do": "confirm", "rights": "read", "last_day": "2026-12-31"}
    assert client_of("gleb").post(f"/office/guardians/requests/{asked.id}/", sent).status_code == 302
    assert igor.get(f"/diary/{asked.student_id}/").status_code == 200
    page = text_of(igor.get("/family/"))
    assert "только чтение" in page
    assert "по 31 декабря 2026" in page


def test_refusing_without_a_reason_is_told(cast: Cast, client_of: Browser, asked: GuardianRequest) -> None:
    gleb, address = client_of("gleb"), f"/office/guardians/requests/{asked.id}/"
    answer = gleb.post(address, {"do": "refuse", "rights": "full", "reason": "нет"})
    assert (answer.status_code, "Напишите причину" in text_of(answer)) == (422, True)
    assert 'value="нет"' in text_of(answer)
    assert gleb.post(address, {"do": "refuse", "rights": "full", "reason": "Нет в деле"}).status_code == 302
    again = gleb.post(address, {"do": "confirm", "rights": "full"})
    assert (again.status_code, "уже ответили" in text_of(again)) == (409, True)


def test_link_is_found_changed_and_ended(cast: Cast, client_of: Browser) -> None:
    gleb, pavel = client_of("gleb"), client_of("pavel")
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    address = f"/office/guardians/links/{link.id}/"
    assert address in text_of(gleb.get("/office/guardians/?q=иван пав"))
    change = {"do": "change", "rights": "none", "reason": "Решение суда"}
    assert gleb.post(address, change | {"reason": ""}).status_code == 422
    assert gleb.post(address, change | {"last_day": "2020-01-01"}).status_code == 422
    assert gleb.post(address, change).status_code == 302
    assert pavel.get(f"/diary/{cast.masha.id}/").status_code in (403, 404)
    assert "без контакта" in text_of(client_of("olga").get("/family/"))
    assert gleb.post(address, {"do": "end", "rights": "full", "reason": "Заявление"}).status_code == 302
    link.refresh_from_db()
    assert link.is_over


def test_school_chooses_whether_it_confirms(cast: Cast, client_of: Browser) -> None:
    assert client_of("gleb").post("/office/guardians/confirmation/", {}).status_code == 302
    cast.school.refresh_from_db()
    confirms, cast.school.confirms_guardians = cast.school.confirms_guardians, True
    assert not confirms


def test_access_is_never_given_by_default(cast: Cast, client_of: Browser, asked: GuardianRequest) -> None:
    gleb = client_of("gleb")
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    for address in (f"/office/guardians/requests/{asked.id}/", f"/office/guardians/links/{link.id}/"):
        for do in ({}, {"do": ""}, {"do": "save"}):
            answer = gleb.post(address, {"rights": "read", "reason": "Решение школы"} | do)
            assert (answer.status_code, "Нажмите кнопку" in text_of(answer)) == (422, True)
    asked.refresh_from_db()
    link.refresh_from_db()
    assert (asked.state, link.rights) == (GuardianRequest.State.WAITING, Guardian.Rights.FULL)


@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE roster_guardian; --",
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }}{% now %}",
        "😀🧨" * 40,
        "\u202eдетка\u200b",
        "a\0b",
        "я" * 100_000,
        "%s%d%(x)s",
        "9" * 400,
    ],
)
def test_whatever_is_typed_is_answered_and_shown_as_text(
    cast: Cast, client_of: Browser, asked: GuardianRequest, typed: str
) -> None:
    gleb = client_of("gleb")
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    answers = [
        gleb.get("/office/guardians/", {"q": typed, "school": typed[:50]}),
        gleb.get("/office/guardians/", {"q": typed}),
    ]
    for address in (f"/office/guardians/requests/{asked.id}/", f"/office/guardians/links/{link.id}/"):
        for do in ("refuse", "confirm", "change", "end"):
            whole = {"do": do, "rights": typed, "last_day": typed, "reason": typed}
            answers += [
                gleb.post(address, whole),
                gleb.post(address, whole | {"rights": "full", "last_day": ""}, follow=True),
            ]
    answers.append(gleb.get(f"/office/guardians/links/{link.id}/"))
    answers.append(client_of("pavel").get("/family/"))
    for answer in answers:
        assert answer.status_code < 500
        assert "<script>alert" not in answer.content.decode()
        assert "<img src=x" not in answer.content.decode()
