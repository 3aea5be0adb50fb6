"""The QR, the child's device and its PIN through the pages (A16)."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from diary.foundation.core import clock
from diary.people.accounts.models import RoleGrant
from diary.people.door.models import Session
from diary.people.roster.actions import end_link
from diary.people.roster.models import ChildDevice, Guardian
from tests.people import NOW, Cast

PIN = "1357"
Browser = Callable[[str], Client]


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def address_of_qr(browser: Client, student_id: object) -> str:
    """What the QR says, without the host."""
    answer = browser.post(f"/family/children/{student_id}/qr/")
    assert answer.status_code == 200
    found = re.search(r"http://testserver(/child/[^<]+/)<", text_of(answer))
    assert found
    return found[1]


def bound(cast: Cast, client_of: Browser, pin: str = PIN) -> Client:
    """A fresh browser that has become Маша's device."""
    device = Client()
    answer = device.post(address_of_qr(client_of("olga"), cast.masha.id), {"pin": pin})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    return device


def diary_of(browser: Client, cast: Cast) -> int:
    return browser.get(f"/diary/{cast.masha.id}/").status_code


def test_scanned_qr_signs_the_child_in_and_nobody_else(cast: Cast, client_of: Browser) -> None:
    device = bound(cast, client_of)
    assert diary_of(device, cast) == 200
    assert device.session[SESSION_KEY] == str(cast.users["masha"].id)
    assert "Добавить ребёнка" not in text_of(device.get("/family/"))
    assert device.get("/settings/services/").status_code == 403
    assert device.post("/settings/services/", {"diary": "off"}).status_code == 403
    assert "Это устройство открыл ваш родитель" in text_of(device.get("/settings/"))
    cookie = device.cookies["child_device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_page_of_the_qr_shows_an_image_and_keeps_no_secret(cast: Cast, client_of: Browser) -> None:
    answer = client_of("olga").post(f"/family/children/{cast.masha.id}/qr/")
    assert 'src="data:image/svg+xml' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert client_of("olga").get(f"/family/children/{cast.masha.id}/qr/").status_code == 405


def test_asking_does_not_bind_and_says_whose_device_it_will_be(cast: Cast, client_of: Browser) -> None:
    address = address_of_qr(client_of("olga"), cast.masha.id)
    browser = Client()
    for _look in range(2):
        page = text_of(browser.get(address))
        assert "Мария" in page
        assert "Иванова" not in page, "a found QR tells no more than it must"
    assert not ChildDevice.objects.exists()


def test_used_expired_and_invented_qr_are_refused(cast: Cast, client_of: Browser) -> None:
    olga = client_of("olga")
    used = address_of_qr(olga, cast.masha.id)
    Client().post(used, {"pin": PIN})
    for answer in (Client().get(used), Client().post(used, {"pin": PIN})):
        assert answer.status_code == 410
        assert "уже использован" in text_of(answer)
    late = address_of_qr(olga, cast.masha.id)
    with clock.fixed(NOW + dt.timedelta(minutes=10)):
        assert Client().get(late).status_code == 410
        assert Client().post(late, {"pin": PIN}).status_code == 410
    assert Client().post("/child/invented/", {"pin": PIN}).status_code == 410
    assert ChildDevice.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("igor", 404), ("anna", 404), ("gleb", 404), ("masha", 404)])
def test_qr_of_another_family_cannot_be_made(cast: Cast, client_of: Browser, who: str, status: int) -> None:
    assert client_of(who).post(f"/family/children/{cast.masha.id}/qr/").status_code == status


def test_guardian_who_only_reads_gets_no_qr(cast: Cast, client_of: Browser) -> None:
    Guardian.objects.filter(school_id=cast.school.id, user=cast.users["pavel"]).update(rights="read")
    assert client_of("pavel").post(f"/family/children/{cast.masha.id}/qr/").status_code == 403


def test_bad_pin_is_told_and_the_qr_still_works(cast: Cast, client_of: Browser) -> None:
    address, browser = address_of_qr(client_of("olga"), cast.masha.id), Client()
    answer = browser.post(address, {"pin": "1111"})
    assert (answer.status_code, "подбирают первым" in text_of(answer)) == (422, True)
    assert browser.post(address, {"pin": PIN}).status_code == 302


def test_pin_is_asked_at_the_next_session(cast: Cast, client_of: Browser) -> None:
    device = bound(cast, client_of)
    assert device.cookies["session"]["max-age"] == "", "the session ends with the browser"
    del device.cookies["session"]
    assert "Здравствуйте, Мария!" in text_of(device.get("/child/"))
    assert diary_of(device, cast) == 302
    wrong = device.post("/child/", {"pin": "9999"})
    assert (wrong.status_code, "Осталось 4 попытки" in text_of(wrong)) == (422, True)
    assert device.post("/child/", {"pin": PIN}).status_code == 302
    assert diary_of(device, cast) == 200
    assert Session.objects.filter(user=cast.users["masha"]).count() == 1, "the earlier session has ended"


def test_device_without_pin_comes_in_by_one_button(cast: Cast, client_of: Browser) -> None:
    device = bound(cast, client_of, pin="")
    assert device.cookies["session"]["max-age"] != ""
    device.post("/sign-out/")
    assert diary_of(device, cast) == 302
    assert device.post("/child/").status_code == 302
    assert diary_of(device, cast) == 200


def test_five_wrong_pins_end_the_device_and_its_session(cast: Cast, client_of: Browser) -> None:
    device = bound(cast, client_of)
    thief = Client()
    thief.cookies["child_device"] = device.cookies["child_device"].value
    statuses = [thief.post("/child/", {"pin": "9999"}).status_code for _try in range(5)]
    assert statuses == [422] * 4 + [410]
    assert thief.post("/child/", {"pin": PIN}).status_code == 410
    assert diary_of(device, cast) == 302


def test_parent_takes_the_device_back_and_it_is_out_at_the_next_request(cast: Cast, client_of: Browser) -> None:
    device, parent = bound(cast, client_of), client_of("pavel")
    row = ChildDevice.objects.get()
    assert "Отключить" in text_of(parent.get("/family/"))
    assert parent.post(f"/family/devices/{row.id}/revoke/").status_code == 302
    assert diary_of(device, cast) == 302
    assert device.post("/child/", {"pin": PIN}).status_code == 410
    assert parent.post(f"/family/devices/{row.id}/revoke/").status_code == 404


def test_stranger_cannot_take_a_device_back(cast: Cast, client_of: Browser) -> None:
    device = bound(cast, client_of)
    row = ChildDevice.objects.get()
    for who in ("igor", "gleb", "masha"):
        assert client_of(who).post(f"/family/devices/{row.id}/revoke/").status_code == 404
    assert diary_of(device, cast) == 200


def test_parents_own_session_on_the_device_ends_when_the_child_comes_in(cast: Cast, client_of: Browser) -> None:
    parent = client_of("olga")
    address = address_of_qr(parent, cast.masha.id)
    assert "вход сменится" in text_of(parent.get(address))
    old_key = parent.cookies["session"].value
    parent.post(address, {"pin": PIN})
    assert not Session.objects.with_secret(old_key).exists()
    assert parent.get("/family/add/").status_code == 403


def test_session_key_known_before_opens_nothing(cast: Cast, client_of: Browser) -> None:
    address, device = address_of_qr(client_of("olga"), cast.masha.id), Client()
    device.get(address)
    planted = device.session
    planted["x"] = 1
    planted.save()
    device.cookies["session"] = planted.session_key
    device.post(address, {"pin": PIN})
    assert device.cookies["session"].value != planted.session_key
    assert not Session.objects.with_secret(planted.session_key).exists()


def test_child_that_got_another_role_does_not_come_in_by_device(cast: Cast, client_of: Browser) -> None:
    device = bound(cast, client_of)
    RoleGrant.objects.create(user=cast.users["masha"], school=cast.school, role="guardian")
    del device.cookies["session"]
    assert device.post("/child/", {"pin": PIN}).status_code == 422
    assert diary_of(device, cast) == 302


def test_device_is_led_past_the_password_page_until_it_is_taken_back(cast: Cast, client_of: Browser) -> None:
    device = bound(cast, client_of)
    device.post("/sign-out/")
    answer = device.get("/sign-in/")
    assert (answer.status_code, answer["Location"]) == (302, "/child/")
    assert device.get("/sign-in/?password=1").status_code == 200
    ChildDevice.objects.update(revoked_at=NOW)
    assert "отключено" in text_of(device.get("/child/"))
    assert device.get("/sign-in/").status_code == 200, "the cookie has gone"


def test_browser_that_is_no_device_is_sent_to_the_door(cast: Cast) -> None:
    browser = Client()
    assert browser.get("/child/").status_code == 410
    browser.cookies["child_device"] = "invented"
    assert browser.post("/child/", {"pin": PIN}).status_code == 410


def test_forms_of_the_device_are_protected_from_other_sites(cast: Cast, client_of: Browser) -> None:
    address = address_of_qr(client_of("olga"), cast.masha.id)
    assert Client(enforce_csrf_checks=True).post(address, {"pin": PIN}).status_code == 403
    assert not ChildDevice.objects.exists()


def test_device_is_not_the_account(cast: Cast, client_of: Browser) -> None:
    device = Client()
    device.post(address_of_qr(client_of("olga"), cast.masha.id), {"pin": PIN})
    assert device.get("/diary/", follow=True).status_code == 200
    for address in ("/security/", "/security/lost-phone/", "/settings/contacts/", "/factors/passkey/"):
        assert device.get(address).status_code == 403, address
    assert device.post("/factors/app/").status_code == device.post("/security/lost-phone/").status_code == 403


def test_device_dies_with_the_right_of_the_guardian_who_bound_it(cast: Cast, client_of: Browser) -> None:
    device = Client()
    device.post(address_of_qr(client_of("olga"), cast.masha.id), {"pin": PIN})
    link = Guardian.objects.get(user=cast.users["olga"], student_id=cast.masha.id)
    end_link(cast.actor("gleb"), link, reason="Решение суда")
    assert device.get(f"/diary/{cast.masha.id}/").status_code == 302
    assert device.post("/child/", {"pin": PIN}).status_code == 410
