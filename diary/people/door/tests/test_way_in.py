"""From the password to being in: second factor, first phone, and everything that tries to get past them."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client, RequestFactory

from diary.foundation.core import clock
from diary.foundation.post.models import OutboxMessage
from diary.people.accounts.models import User
from diary.people.door.actions import add_passkey
from diary.people.door.factors.paper_codes import new_codes
from diary.people.door.factors.proving import PASSKEY_STATE, WrongFactor, prove
from diary.people.door.factors.totp import new_secret
from diary.people.door.guarding.journal import Visit
from diary.people.door.models import Factor, OneTimeCode, Session, SignInRecord
from diary.people.door.tests.door import code_sent_to, enter, give_password, letters_to
from tests.people import NOW, PASSWORD, PHONES, Cast

JOURNAL, FACTOR, PHONE, CODE = "/journal/", "/sign-in/factor/", "/sign-in/phone/", "/sign-in/code/"


def later(**kwargs: float):  # type: ignore[no-untyped-def]
    return clock.fixed(NOW + dt.timedelta(**kwargs))


def forget_phone(login: str) -> None:
    user = User.objects.get(login=login)
    user.phone, user.phone_confirmed_at = "", None
    user.save(update_fields=["phone", "phone_index", "phone_confirmed_at"])
    user.factors.all().delete()


def test_staff_come_in_by_password_and_code_and_go_where_they_wanted(cast: Cast, client: Client) -> None:
    answer = give_password(client, "anna", next=JOURNAL)
    assert (answer.status_code, answer["Location"]) == (302, FACTOR)
    assert client.get(JOURNAL).status_code == 302
    assert "···-00-07" in client.get(FACTOR).content.decode()
    answer = client.post(FACTOR, {"kind": "sms", "typed": code_sent_to(PHONES["anna"]), "prove": "1"})
    assert (answer.status_code, answer["Location"]) == (302, JOURNAL)
    assert client.get(JOURNAL).status_code == 200
    session = Session.objects.get(user=cast.users["anna"])
    assert (session.ip, session.factor_at) == ("127.0.0.1", NOW)
    assert SignInRecord.objects.get(result="signed_in").factor == "sms"


def test_parent_without_a_factor_comes_in_by_password_alone(cast: Cast, client: Client) -> None:
    assert give_password(client, "olga")["Location"] == "/"
    assert client.get("/welcome/").status_code == 200


def test_key_of_the_session_changes_at_every_step(cast: Cast, client: Client) -> None:
    """A key that somebody has planted, or seen half way, opens nothing."""
    client.post("/recovery/", {"who": "x", "last_name": "y", "kind": "sms"})
    keys = [client.cookies["session"].value]
    give_password(client, "anna")
    keys.append(client.cookies["session"].value)
    client.post(FACTOR, {"kind": "sms", "typed": code_sent_to(PHONES["anna"]), "prove": "1"})
    keys.append(client.cookies["session"].value)
    assert len(set(keys)) == 3
    for key in keys[:2]:
        thief = Client()
        thief.cookies["session"] = key
        assert thief.get(JOURNAL).status_code == 302
        assert thief.get(FACTOR)["Location"] == "/sign-in/"


def test_password_alone_is_nobodys_session(cast: Cast, client: Client) -> None:
    give_password(client, "anna")
    assert SESSION_KEY not in client.session
    assert not Session.objects.filter(user=cast.users["anna"]).exists()
    for address in ("/", JOURNAL, "/welcome/", "/confirm/"):
        assert client.get(address)["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("address", [FACTOR, PHONE, CODE])
def test_later_steps_need_the_password_first(cast: Cast, client: Client, address: str) -> None:
    assert client.get(address)["Location"] == "/sign-in/"
    assert client.post(address, {"kind": "sms", "typed": "123456", "phone": "9161234567"})["Location"] == "/sign-in/"


def test_phone_step_cannot_go_round_the_second_factor(cast: Cast, client: Client) -> None:
    User.objects.filter(login="anna").update(phone_confirmed_at=None)
    Factor.objects.create(user=cast.users["anna"], kind="totp", secret=new_secret(), confirmed_at=NOW)
    give_password(client, "anna")
    assert client.get(PHONE)["Location"] == "/sign-in/"
    client.post(PHONE, {"phone": "9160000000"})
    assert not OneTimeCode.objects.filter(purpose="phone").exists()


def test_half_way_in_is_over_after_fifteen_minutes_or_with_a_new_password(cast: Cast, client: Client) -> None:
    give_password(client, "anna")
    with later(minutes=16):
        assert client.get(FACTOR)["Location"] == "/sign-in/"
    anna = User.objects.get(login="anna")
    anna.set_password("Other-2026!")
    anna.save(update_fields=["password"])
    assert client.get(FACTOR)["Location"] == "/sign-in/"


def test_first_sign_in_asks_for_a_phone_and_a_code(cast: Cast, client: Client) -> None:
    forget_phone("olga")
    assert give_password(client, "olga")["Location"] == PHONE
    for typed, rule in (("+79161234567", "без «+»"), ("916 123 4567", "без пробелов"), ("91612", "10 цифр")):
        answer = client.post(PHONE, {"phone": typed})
        assert (answer.status_code, rule in answer.content.decode(), typed in answer.content.decode()) == (
            422,
            True,
            True,
        )
    assert client.post(PHONE, {"phone": "9161234567"})["Location"] == CODE
    assert client.post(CODE, {"typed": code_sent_to("+79161234567")})["Location"] == "/"
    olga = User.objects.get(login="olga")
    assert (olga.phone, olga.phone_confirmed_at) == ("+79161234567", NOW)
    assert not olga.factors.exists()


def test_first_sign_in_of_staff_makes_the_phone_their_second_factor(cast: Cast, client: Client) -> None:
    forget_phone("anna")
    give_password(client, "anna", next=JOURNAL)
    client.post(PHONE, {"phone": "9161234567"})
    assert client.post(CODE, {"typed": code_sent_to("+79161234567")})["Location"] == JOURNAL
    assert [factor.kind for factor in cast.users["anna"].factors.all()] == ["sms"]
    assert client.get(JOURNAL).status_code == 200


def test_phone_that_the_school_knows_is_offered_masked(cast: Cast, client: Client) -> None:
    User.objects.filter(login="olga").update(phone_confirmed_at=None)
    give_password(client, "olga")
    page = client.get(PHONE).content.decode()
    assert "+7 ··· ···-00-04" in page
    assert PHONES["olga"] not in page
    client.post(PHONE, {"known": "1"})
    assert client.post(CODE, {"typed": code_sent_to(PHONES["olga"])})["Location"] == "/"


def test_only_a_pupil_may_come_in_without_a_phone(cast: Cast) -> None:
    for login, address in (("masha", "/"), ("olga", None)):
        forget_phone(login)
        browser = Client()
        give_password(browser, login)
        answer = browser.post(PHONE, {"skip": "1"})
        assert (answer.headers.get("Location")) == address, login


def test_app_and_paper_codes_open_the_second_door_once_each(cast: Cast) -> None:
    anna, secret = cast.users["anna"], new_secret()
    Factor.objects.create(user=anna, kind="totp", secret=secret, confirmed_at=NOW)
    paper = new_codes(anna)[3]
    code = pyotp.TOTP(secret).at(NOW)
    for kind, typed, opens in (
        ("totp", code, True),
        ("totp", code, False),
        ("recovery", paper.upper(), True),
        ("recovery", paper, False),
        ("totp", pyotp.TOTP(secret).at(NOW + dt.timedelta(minutes=5)), False),
        ("webauthn", "{}", False),
        ("webauthn", "junk", False),
        ("nothing", "", False),
    ):
        browser = Client()
        give_password(browser, "anna")
        answer = browser.post(FACTOR, {"kind": kind, "typed": typed, "prove": "1"})
        assert (answer.status_code == 302) is opens, (kind, typed)


def test_challenge_of_a_passkey_is_answered_once(
    cast: Cast, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by two requests that have read the same session, and with a key that counts nothing."""
    anna = cast.users["anna"]
    add_passkey(cast.actor("anna"), anna, credential_id=b"1", secret="x", name="")
    key = Factor.objects.get(user=anna, kind=Factor.Kind.WEBAUTHN)
    monkeypatch.setattr("diary.people.door.factors.passkeys.finish_proof", lambda *_given: key)

    def answer(challenge: str) -> str:
        request = rf.post("/confirm/")
        request.session = {PASSKEY_STATE: {"challenge": challenge}}  # type: ignore[assignment]
        return prove(request, anna, "webauthn", "{}", Visit("10.0.0.1"))

    assert answer("first") == "webauthn"
    with pytest.raises(WrongFactor):
        answer("first")
    assert answer("second") == "webauthn"


def test_ten_wrong_factors_and_it_is_enough(cast: Cast, client: Client) -> None:
    Factor.objects.create(user=cast.users["anna"], kind="totp", secret=new_secret(), confirmed_at=NOW)
    give_password(client, "anna")
    answers = [client.post(FACTOR, {"kind": "totp", "typed": "000000", "prove": "1"}) for _try in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1]["Retry-After"] == "360"
    assert SignInRecord.objects.filter(result="wrong_code").count() == 10


def test_code_of_another_session_and_a_used_code_do_not_fit(cast: Cast) -> None:
    first = Client()
    enter(first, "anna")
    code = code_sent_to(PHONES["anna"])
    with later(minutes=2):
        second = Client()
        give_password(second, "anna")
        assert second.post(FACTOR, {"kind": "sms", "typed": code, "prove": "1"}).status_code == 422
        fresh = code_sent_to(PHONES["anna"])
        assert fresh != code
        third = Client()
        give_password(third, "anna")
        assert third.post(FACTOR, {"kind": "sms", "typed": fresh, "prove": "1"}).status_code == 422
        assert second.post(FACTOR, {"kind": "sms", "typed": fresh, "prove": "1"}).status_code == 302


def test_new_device_is_told_to_the_confirmed_mailbox_with_the_account_number(cast: Cast) -> None:
    olga = cast.users["olga"]
    olga.email, olga.email_confirmed_at = "olga@example.ru", NOW
    olga.save(update_fields=["email", "email_index", "email_confirmed_at"])
    windows, phone = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0", "Mozilla/5.0 (iPhone) Mobile Safari/604"
    for agent in (windows, windows, phone):
        Client(headers={"user-agent": agent}).post("/sign-in/", {"login": "olga", "password": PASSWORD})
    [letter] = letters_to("olga@example.ru")
    assert "Safari, iOS" in letter
    assert olga.shown_number in letter


def test_no_code_stands_in_a_job_or_in_clear_in_a_row(cast: Cast, client: Client) -> None:
    from django.db import connection

    give_password(client, "anna")
    code = code_sent_to(PHONES["anna"])
    assert OutboxMessage.objects.exists()
    with connection.cursor() as cursor:
        for table in ("procrastinate_jobs", "door_onetimecode", "post_outboxmessage", "door_session"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = " ".join(row[0] for row in cursor.fetchall())
            assert rows
            assert code not in rows.replace("-", ""), table
            assert PHONES["anna"] not in rows, table


@pytest.mark.parametrize(
    "address", ["/sign-in/", FACTOR, PHONE, CODE, "/sign-up/", "/recovery/", "/recovery/code/", "/confirm/passkey/"]
)
def test_form_from_another_site_is_refused(cast: Cast, address: str) -> None:
    assert Client(enforce_csrf_checks=True).post(address, {"login": "olga", "password": PASSWORD}).status_code == 403
