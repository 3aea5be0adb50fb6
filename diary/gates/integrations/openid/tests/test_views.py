"""The doors of OpenID Connect: in with the account's own second factor, first entry, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from django.conf import LazySettings, settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client, override_settings

from diary.foundation.core import clock
from diary.gates.integrations.identities.models import ExternalIdentity, subject_index
from diary.people.accounts.models import User
from diary.people.door.models import SignInRecord
from diary.people.door.sessions.browsers import factor_at
from tests.committed import signed_in
from tests.doubles.openid.provider import Provider, playing
from tests.people import NOW, Cast

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
RETURN = "http://testserver/openid/return/"


@pytest.fixture
def double(cast: Cast, settings: LazySettings) -> Iterator[Provider]:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN}
    with clock.fixed(NOW), playing(lambda: NOW, RETURN) as (address, inside):
        settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID = address, inside.client_id
        settings.OPENID_CLIENT_SECRET, settings.OPENID_NAME = inside.client_secret, "Область"
        yield inside


def journey(browser: Client, double: Provider, person: str, next_page: str = "") -> HttpResponse:
    """Out, a button there, and back; the answer of our door."""
    out = browser.get("/openid/start/" + (f"?{urlencode({'next': next_page})}" if next_page else ""))
    assert httpx.get(out["Location"]).status_code == 200
    ticket = next(reversed(double.asked))
    answer = httpx.post(out["Location"].partition("?")[0], data={"ticket": ticket, "person": person})
    return browser.get(httpx.URL(answer.headers["Location"]).raw_path.decode())


def linked(user: User, subject: str) -> None:
    known = f"{settings.OPENID_ISSUER} {subject}"
    ExternalIdentity.objects.create(user=user, provider="openid", subject_index=subject_index("openid", known))


def is_in(browser: Client) -> bool:
    return SESSION_KEY in browser.session


def test_person_without_a_second_factor_is_in(cast: Cast, double: Provider, client: Client) -> None:
    linked(cast.users["olga"], "5f0c-olga")
    assert journey(client, double, "olga", "/diary/")["Location"] == "/diary/"
    assert is_in(client)
    assert factor_at(client.session) is None, "the word of a provider that may ask for a password alone is no factor"


def test_person_with_a_second_factor_is_asked_for_it(cast: Cast, double: Provider, client: Client) -> None:
    linked(cast.users["boris"], "77aa-boris")
    assert journey(client, double, "boris", "/journal/")["Location"] == "/sign-in/factor/"
    assert not is_in(client)
    assert client.get("/sign-in/factor/").status_code == 200


def test_stranger_may_make_an_account_whose_phone_is_confirmed_next(
    cast: Cast, double: Provider, client: Client
) -> None:
    assert journey(client, double, "olga")["Location"] == "/identity/"
    assert "Область" in client.get("/identity/").content.decode()
    answer = client.post("/identity/", {"login": "olga_region"})
    assert answer["Location"] == "/sign-in/phone/"
    assert not is_in(client)
    user = User.objects.get(login="olga_region")
    assert (user.email, user.phone) == ("olga.ivanova@example.org", "")


def test_same_subject_of_another_issuer_is_somebody_else(cast: Cast, double: Provider, client: Client) -> None:
    other = subject_index("openid", "https://other.example 5f0c-olga")
    ExternalIdentity.objects.create(user=cast.users["olga"], provider="openid", subject_index=other)
    assert journey(client, double, "olga")["Location"] == "/identity/"


def test_stepping_up_by_a_provider_that_is_no_factor_proves_nothing(cast: Cast, double: Provider) -> None:
    linked(cast.users["olga"], "5f0c-olga")
    olga = signed_in(Client(), cast.users["olga"])
    before = factor_at(olga.session)
    with clock.fixed(NOW.replace(minute=3)):
        answer = journey(olga, double, "olga")
    assert answer["Location"] == "/"
    assert SignInRecord.objects.get().result == "stepped_up"
    assert factor_at(olga.session) == before


def test_deny_and_trouble_are_told(cast: Cast, double: Provider, client: Client) -> None:
    answer = journey(client, double, "")
    assert (answer.status_code, "вы не разрешили" in answer.content.decode()) == (403, True)
    double.trouble = ("token", "server_error")
    answer = journey(client, double, "olga")
    assert (answer.status_code, "server_error" in answer.content.decode()) == (502, True)


def test_provider_that_is_not_there_is_told_before_leaving(
    cast: Cast, double: Provider, client: Client, settings: LazySettings
) -> None:
    settings.OPENID_ISSUER = "http://127.0.0.1:9"
    answer = client.get("/openid/start/")
    assert answer.status_code == 504
    assert "/sign-in/" in answer.content.decode()


def test_without_settings_there_is_no_door(cast: Cast, client: Client) -> None:
    with override_settings(OPENID_ISSUER=""):
        assert client.get("/openid/start/").status_code == 404
        assert client.get("/openid/return/").status_code == 404
