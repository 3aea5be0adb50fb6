"""The second factor of who is in: fresh proofs, staff without one, and everything that tries to get round it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote

import pyotp
import pytest
from django.test import Client

from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.factors.totp import new_secret
from diary.people.door.models import Factor, Session
from diary.people.door.tests.door import code_sent_to
from tests.committed import open_session
from tests.people import NOW, PHONES, Cast

JOURNAL, CONFIRM, PAPER = "/journal/", "/confirm/", "/factors/paper/"
STALE = NOW + dt.timedelta(minutes=16)


def without_factor(cast: Cast, login: str) -> Client:
    """A browser that has come in by the password alone."""
    browser = Client()
    browser.cookies["session"] = open_session(cast.users[login])
    session = browser.session
    session["factor_at"] = None
    session["browser"] = {"created_at": NOW.isoformat()}
    session.save()
    return browser


def test_staff_without_a_factor_see_no_page_but_the_one_that_sets_it_up(cast: Cast) -> None:
    Factor.objects.all().delete()
    anna = without_factor(cast, "anna")
    for address in ("/", JOURNAL, "/timetable/", "/welcome/"):
        answer = anna.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/confirm/?next={address.replace('/', '%2F')}")
    assert "Второй шаг входа" in anna.get(CONFIRM).content.decode()
    assert anna.get(JOURNAL, headers={"accept": "application/json"}).status_code == 403


def test_parent_and_pupil_need_none(cast: Cast) -> None:
    for login in ("olga", "masha"):
        assert without_factor(cast, login).get("/diary/").status_code == 302
        assert without_factor(cast, login).get("/welcome/").status_code == 200


def test_set_up_by_sms_leads_back_to_where_the_person_was(cast: Cast) -> None:
    Factor.objects.all().delete()
    anna = without_factor(cast, "anna")
    back = f"{CONFIRM}?next={JOURNAL}"
    assert anna.post("/factors/message/", {"kind": "sms", "next": back})["Location"] == back
    assert anna.get(JOURNAL)["Location"].startswith(CONFIRM)
    anna.post(back, {"send": "1", "kind": "sms"})
    key = anna.cookies["session"].value
    answer = anna.post(back, {"prove": "1", "kind": "sms", "typed": code_sent_to(PHONES["anna"])})
    assert answer["Location"] == JOURNAL
    assert anna.cookies["session"].value != key
    assert anna.get(JOURNAL).status_code == 200


def test_set_up_by_app(cast: Cast) -> None:
    Factor.objects.all().delete()
    anna = without_factor(cast, "anna")
    page = anna.post("/factors/app/", {"next": JOURNAL})["Location"]
    factor = Factor.objects.get()
    assert factor.confirmed_at is None
    assert anna.get(page).status_code == 200
    picture = anna.get(f"/factors/app/{factor.id}/qr.svg")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/svg+xml", b"<svg")
    assert anna.post(page, {"typed": "000000"}).status_code == 422
    answer = anna.post(page, {"typed": pyotp.TOTP(factor.secret).at(NOW), "name": "Мой телефон", "next": JOURNAL})
    assert answer["Location"] == f"{PAPER}?next=%2Fjournal%2F"
    factor.refresh_from_db()
    assert (factor.confirmed_at, factor.name) == (NOW, "Мой телефон")
    assert anna.get(JOURNAL).status_code == 200
    assert anna.get(f"/factors/app/{factor.id}/qr.svg").status_code == 404


def test_session_by_password_alone_cannot_add_a_factor_beside_the_owners(cast: Cast) -> None:
    """Who has only guessed the password must not make a second factor of their own."""
    anna = without_factor(cast, "anna")
    for method, address in (
        ("POST", "/factors/message/"),
        ("POST", "/factors/app/"),
        ("GET", "/factors/passkey/"),
        ("POST", "/factors/passkey/options/"),
        ("POST", PAPER),
        ("GET", PAPER),
    ):
        answer = anna.generic(method, address)
        assert answer.status_code in (302, 307), address
        assert answer["Location"].startswith(CONFIRM), address
    assert Factor.objects.filter(user=cast.users["anna"]).count() == 1


def test_page_that_wants_a_fresh_proof_is_not_opened_by_its_address(
    cast: Cast, client_of: Callable[[str], Client]
) -> None:
    for login in ("anna", "olga"):
        browser = client_of(login)
        assert browser.get(PAPER).status_code == 200
        with clock.fixed(STALE):
            assert browser.get(f"{PAPER}?next=/x")["Location"] == "/confirm/?next=%2Ffactors%2Fpaper%2F%3Fnext%3D%2Fx"
            assert browser.get("/welcome/").status_code == 200


def test_fresh_proof_leads_back_exactly(cast: Cast, client_of: Callable[[str], Client]) -> None:
    anna = client_of("anna")
    with clock.fixed(STALE):
        step = anna.get(f"{PAPER}?next=/journal/%3Fperiod%3D1")["Location"]
        anna.post(step, {"send": "1", "kind": "sms"})
        code = code_sent_to(PHONES["anna"])
        assert anna.post(step, {"prove": "1", "kind": "sms", "typed": "000000"}).status_code == 422
        answer = anna.post(step, {"prove": "1", "kind": "sms", "typed": code})
        assert answer["Location"] == f"{PAPER}?next=/journal/%3Fperiod%3D1"
        assert anna.get(answer["Location"]).status_code == 200
        assert Session.objects.get(user=cast.users["anna"]).factor_at == STALE


def test_form_that_was_on_its_way_is_not_lost(cast: Cast, client_of: Callable[[str], Client]) -> None:
    secret = new_secret()
    Factor.objects.create(user=cast.users["anna"], kind="totp", secret=secret, confirmed_at=NOW)
    anna = client_of("anna")
    with clock.fixed(STALE):
        sent = anna.post(PAPER, {"next": "/journal/", "note": "важное <b>"})
        assert sent.status_code == 307
        page = anna.post(sent["Location"], {"next": "/journal/", "note": "важное <b>"}).content.decode()
        assert 'name="kept:note" value="важное &lt;b&gt;"' in page
        fields = {"kept:note": "важное <b>", "kept:next": "/journal/", "next": PAPER, "kind": "totp", "prove": "1"}
        wrong = anna.post(CONFIRM, fields | {"typed": "000000"}).content.decode()
        assert 'name="kept:note" value="важное &lt;b&gt;"' in wrong
        done = anna.post(CONFIRM, fields | {"typed": pyotp.TOTP(secret).at(STALE)}).content.decode()
        assert f'action="{PAPER}"' in done
        assert 'name="note" value="важное &lt;b&gt;"' in done
        assert 'name="next" value="/journal/"' in done


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_way_back_never_leaves_the_site(cast: Cast, client_of: Callable[[str], Client], address: str) -> None:
    secret = new_secret()
    Factor.objects.create(user=cast.users["anna"], kind="totp", secret=secret, confirmed_at=NOW)
    anna = client_of("anna")
    answer = anna.post(
        CONFIRM, {"prove": "1", "kind": "totp", "typed": pyotp.TOTP(secret).at(NOW)}, query_params={"next": address}
    )
    assert answer["Location"] == "/"


def test_person_whose_ways_are_all_gone_reads_what_to_do(cast: Cast) -> None:
    user = User.objects.get(login="anna")
    user.phone_confirmed_at = None
    user.save(update_fields=["phone_confirmed_at"])
    page = without_factor(cast, "anna").get(CONFIRM).content.decode()
    assert user.shown_number in page
    assert "/recovery/" in page


@pytest.mark.parametrize(
    ("method", "address", "back"),
    [
        ("post", "/factors/message/", "/security/"),
        ("post", "/factors/app/", "/security/"),
        ("post", "/factors/passkey/options/", "/security/"),
        ("get", "/factors/passkey/?next=/security/", "/factors/passkey/?next=/security/"),
    ],
)
def test_old_session_makes_no_first_factor_of_its_own(cast: Cast, method: str, address: str, back: str) -> None:
    """A stolen session without any factor would else open everything with one that the thief has made."""
    olga = without_factor(cast, "olga")
    with clock.fixed(NOW + dt.timedelta(minutes=15)):
        answer = getattr(olga, method)(address, {} if method == "get" else {"kind": "sms", "next": "/security/"})
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={quote(back)}")
    assert not Factor.objects.filter(user=cast.users["olga"]).exists()


def test_first_factor_is_made_by_who_has_just_come_in(cast: Cast) -> None:
    olga = without_factor(cast, "olga")
    with clock.fixed(NOW + dt.timedelta(minutes=14)):
        assert olga.post("/factors/app/")["Location"].startswith("/factors/app/")


def test_form_of_one_button_waits_for_the_proof_too(cast: Cast, client_of: Callable[[str], Client]) -> None:
    anna = client_of("anna")
    with clock.fixed(STALE):
        answer = anna.post("/settings/contacts/email/remove/", follow=False)
        assert answer.status_code == 307
        back = answer["Location"]
        assert anna.post(back).status_code == 200
        anna.post(back, {"send": "1", "kind": "sms", "kept:button": ""})
        code = code_sent_to(PHONES["anna"])
        page = anna.post(back, {"prove": "1", "kind": "sms", "typed": code, "kept:button": ""}).content.decode()
    assert "Сделать это сейчас?" in page
    assert 'action="/settings/contacts/email/remove/"' in page


def test_field_named_next_does_not_lead_astray(cast: Cast, client_of: Callable[[str], Client]) -> None:
    """A form that waits may say itself where to go afterwards; its own address is another thing."""
    anna = client_of("anna")
    with clock.fixed(STALE):
        back = anna.post("/factors/app/", {"next": "/security/"})["Location"]
        assert 'name="kept:next" value="/security/"' in anna.post(back, {"next": "/security/"}).content.decode()
        anna.post(back, {"send": "1", "kind": "sms", "next": "/factors/app/", "kept:next": "/security/"})
        proof = {"prove": "1", "kind": "sms", "typed": code_sent_to(PHONES["anna"]), "next": "/factors/app/"}
        page = anna.post(back, proof | {"kept:next": "/security/"}).content.decode()
        assert 'action="/factors/app/"' in page
        assert 'href="/security/"' in page, "whoever does not go on is back where they were"
        assert anna.post("/factors/app/", {"next": "/security/"})["Location"].startswith("/factors/app/")
