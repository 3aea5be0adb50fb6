"""The service switch (A11): off hides the diary from this person alone, on brings everything back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from diary.foundation.access.actor import Role
from diary.foundation.audit.models import AuditEvent
from diary.people.accounts.models import RoleGrant, User
from tests.people import Cast

ClientOf = Callable[[str], Client]
PAGE = "/settings/services/"
DIARY = 'href="/diary/"'


def switch(browser: Client, to: str) -> None:
    assert browser.post(PAGE, {"diary": to})["Location"] == PAGE


@pytest.mark.parametrize("login", ["masha", "olga"])
def test_switched_off_diary_is_gone_and_comes_back(client_of: ClientOf, cast: Cast, login: str) -> None:
    browser = client_of(login)
    diary = browser.get("/diary/")["Location"]
    switch(browser, "off")
    page = browser.get(PAGE).content.decode()
    assert DIARY not in page
    for address in ("/diary/", "/marks/", "/my-timetable/", diary, f"/diary/{cast.masha.id}/marks/"):
        answer = browser.get(address)
        assert answer.status_code == 403
        assert f'href="{PAGE}"' in answer.content.decode()
        assert "На главную" not in answer.content.decode(), "the first page is switched off too"
        assert "выключен в ваших настройках" in answer.content.decode()
    switch(browser, "on")
    assert DIARY in browser.get(PAGE).content.decode()
    assert browser.get(diary.partition("#")[0]).status_code == 200


def test_script_is_told_too(client_of: ClientOf, cast: Cast) -> None:
    masha = client_of("masha")
    switch(masha, "off")
    answer = masha.post(f"/diary/{cast.masha.id}/seen/", {"ids": []}, content_type="application/json")
    assert (answer.status_code, answer.json()["way_out"]) == (403, PAGE)


def test_nobody_else_is_touched(client_of: ClientOf) -> None:
    switch(client_of("olga"), "off")
    assert client_of("pavel").get("/diary/").status_code == 302
    assert client_of("masha").get("/diary/").status_code == 302


def test_teacher_who_is_a_parent_keeps_the_journal(client_of: ClientOf, cast: Cast) -> None:
    RoleGrant.objects.create(user=cast.users["anna"], school=cast.school, role=Role.GUARDIAN)
    anna = client_of("anna")
    switch(anna, "off")
    page = anna.get("/journal/").content.decode()
    assert DIARY not in page
    assert 'href="/journal/"' in page
    assert anna.get("/diary/").status_code == 403


@pytest.mark.parametrize("login", ["anna", "zoya", "gleb", "lena"])
def test_staff_have_nothing_to_switch(client_of: ClientOf, login: str) -> None:
    browser = client_of(login)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, {"diary": "off"}).status_code == 403
    assert User.objects.get(login=login).diary_is_on
    assert PAGE not in browser.get("/settings/").content.decode()


def test_doubled_press_is_harmless_and_audited(client_of: ClientOf) -> None:
    olga = client_of("olga")
    switch(olga, "off")
    switch(olga, "off")
    assert not User.objects.get(login="olga").diary_is_on
    assert AuditEvent.objects.filter(action="door.switch_diary").count() == 2


def test_person_menu_leads_to_the_own_pages(client_of: ClientOf) -> None:
    page = client_of("olga").get("/settings/").content.decode()
    for address in ("/settings/", "/security/", "/settings/contacts/", PAGE):
        assert f'href="{address}"' in page
