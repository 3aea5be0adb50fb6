"""Coming in and leaving."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.models import Session
from tests.people import NOW, PASSWORD, Cast

SIGN_IN, SIGN_OUT = "/sign-in/", "/sign-out/"
WRONG = "Логин или пароль не подошли"
PAGE = "/welcome/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def plain_static_files() -> Iterator[None]:
    """Static names without hashes: nothing has been collected."""
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": PLAIN}):
        yield


def sign_in(browser: Client, login: str = "olga", password: str = PASSWORD, **other: str):  # type: ignore[no-untyped-def]
    return browser.post(SIGN_IN, {"login": login, "password": password} | other)


def test_right_pair_opens_a_session_and_is_recorded(cast: Cast, client: Client) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get(PAGE).status_code == 200
    session = Session.objects.with_secret(client.cookies["session"].value).get()
    assert (session.user_id, session.ip) == (cast.users["olga"].id, "127.0.0.1")
    event = AuditEvent.objects.get()
    assert (event.action, event.user_id, event.ip, event.at) == (
        "door.sign_in",
        cast.users["olga"].id,
        "127.0.0.1",
        NOW,
    )


def test_login_is_read_without_case_and_spaces_and_the_password_exactly(cast: Cast, client: Client) -> None:
    assert sign_in(client, " OLGA ").status_code == 302
    for password in (PASSWORD.lower(), f" {PASSWORD}", f"{PASSWORD} "):
        assert sign_in(Client(), "olga", password).status_code == 422


def test_wrong_password_unknown_login_and_switched_off_person_look_the_same(cast: Cast, client: Client) -> None:
    User.objects.filter(login="boris").update(is_active=False)
    answers = [
        sign_in(client, login, password)
        for login, password in (("anna", "wrong"), ("nobody", PASSWORD), ("boris", "wrong"))
    ]
    assert {answer.status_code for answer in answers} == {422}
    pages = {
        TOKEN.sub("", answer.content.decode()).replace(f'value="{login}"', "", 1)
        for answer, login in zip(answers, ("anna", "nobody", "boris"), strict=True)
    }
    assert len(pages) == 1
    assert WRONG in pages.pop()
    assert set(AuditEvent.objects.values_list("action", "user_id")) == {("door.sign_in_refused", None)}
    assert SESSION_KEY not in client.session


def test_typed_login_stays_and_the_password_does_not(cast: Cast, client: Client) -> None:
    page = sign_in(client, "anna<b>", "do-not-show").content.decode()
    assert "anna&lt;b&gt;" in page
    assert "do-not-show" not in page


@pytest.mark.parametrize(
    "login", ["", "a" * 65, "a" * 100_000, "an\0na", "анна", "😀", "' OR 1=1 --", "%", "anna\u202e", "\ud7ff"]
)
@pytest.mark.parametrize("password", ["", "x", "x" * 201, "x" * 100_000, "\0", "😀"])
def test_strange_input_is_refused_calmly(cast: Cast, client: Client, login: str, password: str) -> None:
    assert sign_in(client, login, password).status_code == 422


def test_nothing_at_all_is_refused_calmly(cast: Cast, client: Client) -> None:
    assert client.post(SIGN_IN, {}).status_code == 422
    assert client.post(SIGN_IN, b"\xff\xfe=%", content_type="application/x-www-form-urlencoded").status_code == 422
    assert client.post(SIGN_IN, "{}", content_type="application/json").status_code == 422
    assert client.generic("POST", SIGN_IN, b"junk", content_type="multipart/form-data; boundary=x").status_code in (
        400,
        422,
    )


def test_body_too_large_is_refused(cast: Cast, client: Client) -> None:
    body = b"login=" + b"a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert client.post(SIGN_IN, body, content_type="application/x-www-form-urlencoded").status_code == 413


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example/",
        "http:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
        " //evil.example",
        "\t//evil.example",
        "https:///evil.example",
        "//testserver@evil.example/",
        "http://testserver.evil.example/",
        "/\n/evil.example",
    ],
)
def test_way_back_never_leaves_the_site(cast: Cast, address: str) -> None:
    for answer in (
        sign_in(Client(), next=address),
        Client().post(SIGN_IN, {"login": "olga", "password": PASSWORD}, query_params={"next": address}),
    ):
        assert (answer.status_code, answer["Location"]) == (302, "/")
    page = Client().get(SIGN_IN, {"next": address}).content.decode()
    assert '<input type="hidden" name="next" value="/">' in page


def test_person_comes_back_to_the_page_that_was_asked_for(cast: Cast, client: Client) -> None:
    way_in = client.get(f"{PAGE}?period=1")["Location"]
    page = client.get(way_in).content.decode()
    assert f'name="next" value="{PAGE}?period=1"' in page
    assert sign_in(client, next=f"{PAGE}?period=1")["Location"] == f"{PAGE}?period=1"


def test_session_known_before_signing_in_is_worth_nothing_afterwards(cast: Cast, client: Client) -> None:
    """Session fixation: the key changes at the door."""
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["session"] = session.session_key
    sign_in(client)
    fresh = client.cookies["session"].value
    assert fresh != session.session_key
    thief = Client()
    thief.cookies["session"] = session.session_key
    assert thief.get(PAGE).status_code == 302
    assert not Session.objects.with_secret(session.session_key).exists()


def test_made_up_session_key_is_not_taken_over(cast: Cast, client: Client) -> None:
    client.cookies["session"] = "a" * 32
    sign_in(client)
    assert client.cookies["session"].value != "a" * 32


def test_another_person_at_the_same_browser_gets_a_session_of_their_own(cast: Cast, client: Client) -> None:
    sign_in(client)
    first = client.cookies["session"].value
    sign_in(client, "pavel")
    assert client.cookies["session"].value != first
    assert not Session.objects.with_secret(first).exists()
    assert client.session[SESSION_KEY] == str(cast.users["pavel"].id)


def test_leaving_ends_the_session_for_everyone_who_holds_its_key(cast: Cast, client: Client) -> None:
    sign_in(client)
    key = client.cookies["session"].value
    answer = client.post(SIGN_OUT)
    assert (answer.status_code, answer["Location"]) == (302, SIGN_IN)
    assert not Session.objects.with_secret(key).exists()
    thief = Client()
    thief.cookies["session"] = key
    assert thief.get(PAGE).status_code == 302


def test_leaving_ends_this_session_only(cast: Cast, client: Client) -> None:
    sign_in(client)
    phone = Client()
    sign_in(phone)
    client.post(SIGN_OUT)
    assert phone.get(PAGE).status_code == 200


def test_leaving_wants_a_post_and_signing_in_a_token(cast: Cast) -> None:
    answer = Client().get(SIGN_OUT)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "только принимает отправленную форму" in answer.content.decode()
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert strict.post(SIGN_OUT).status_code == 403


def test_session_that_ran_out_sends_a_person_to_the_door_and_tells_a_script(
    cast: Cast, client_of: Callable[[str], Client]
) -> None:
    anna = client_of("anna")
    assert anna.get(PAGE).status_code == 200
    Session.objects.update(expire_date=NOW + dt.timedelta(hours=1))
    with clock.fixed(NOW + dt.timedelta(hours=2)):
        page = anna.get(PAGE)
        assert (page.status_code, page["Location"]) == (302, f"{SIGN_IN}?next={PAGE}")
        told = anna.get(PAGE, headers={"accept": "application/json"})
        assert (told.status_code, told.json()["sign_in"]) == (401, SIGN_IN)


def test_person_who_was_switched_off_is_out_at_the_next_click(cast: Cast, client_of: Callable[[str], Client]) -> None:
    anna = client_of("anna")
    User.objects.filter(login="anna").update(is_active=False)
    assert anna.get(PAGE).status_code == 302


def test_new_password_ends_the_sessions_opened_with_the_old_one(cast: Cast, client_of: Callable[[str], Client]) -> None:
    anna = client_of("anna")
    user = User.objects.get(login="anna")
    user.set_password("Another-2026!")
    user.save(update_fields=["password"])
    assert anna.get(PAGE).status_code == 302
    assert not Session.objects.filter(user_id=user.id).exists()


def test_role_taken_away_is_gone_at_the_next_click(cast: Cast, client_of: Callable[[str], Client]) -> None:
    anna = client_of("anna")
    cast.users["anna"].role_grants.all().delete()
    assert anna.get("/journal/").status_code == 403


def test_page_of_signing_in_is_not_kept_and_its_cookies_are_closed(cast: Cast, client: Client) -> None:
    answer = client.get(SIGN_IN)
    assert "no-store" in answer["Cache-Control"]
    sign_in(client)
    cookie = client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_signing_in_takes_as_many_statements_for_an_unknown_login_as_for_a_wrong_password(
    cast: Cast, client: Client
) -> None:
    counts = []
    for login in ("anna", "nobody"):
        with CaptureQueriesContext(connection) as caught:
            sign_in(client, login, "wrong")
        # which key seals is asked anew every two seconds
        counts.append(sum("core_datakey" not in one["sql"] for one in caught.captured_queries))
    assert counts[0] == counts[1]


NUL = '"aaaaaaaa\\000"'


@pytest.mark.parametrize("cookie", [NUL, "a" * 5000, "\u00d0\u00ba" * 20, "'; --------", "aaaaaaaa%00"])
def test_strange_cookie_is_nobodys_session(cast: Cast, client: Client, cookie: str) -> None:
    answer = client.get(PAGE, headers={"cookie": f"session={cookie}"})
    assert answer.status_code == 302
