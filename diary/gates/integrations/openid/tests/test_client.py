"""The client against the double of a provider."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from django.conf import LazySettings
from joserfc.jwk import RSAKey

from diary.foundation.core import clock
from diary.gates.integrations.openid.client import OpenIdClient, OpenIdPerson, new_secrets
from diary.gates.integrations.openid.configuration import OpenIdConfiguration, configuration
from diary.gates.integrations.openid.errors import MEANINGS, OpenIdRefusal, refusal_of
from tests.doubles.openid.provider import Provider, playing
from tests.doubles.web import App, Request, Response, json_response, serving
from tests.people import NOW

RETURN = "http://testserver/openid/return/"


@dataclass
class Double:
    ours: OpenIdConfiguration
    inside: Provider

    def code(self, person: str, kept: dict[str, str]) -> str:
        """What a browser does: open the address, press a button."""
        back = self.walk(OpenIdClient(self.ours).authorization_url("st", RETURN, kept), person)
        assert back.params["state"] == "st"
        return str(back.params["code"])

    def walk(self, address: str, person: str) -> httpx.URL:
        page = httpx.get(address)
        assert page.status_code == 200, page.headers
        ticket = next(reversed(self.inside.asked))
        answer = httpx.post(f"{self.ours.issuer}/authorize", data={"ticket": ticket, "person": person})
        return httpx.URL(answer.headers["Location"])

    def person(self, name: str = "olga") -> OpenIdPerson:
        kept = new_secrets()
        return OpenIdClient(self.ours).person(self.code(name, kept), RETURN, kept)


@pytest.fixture
def double() -> Iterator[Double]:
    with clock.fixed(NOW), playing(lambda: NOW, RETURN) as (address, inside):
        ours = OpenIdConfiguration(address, inside.client_id, inside.client_secret, "Область")
        yield Double(ours, inside)


def refused(double: Double, code: str) -> None:
    with pytest.raises(OpenIdRefusal) as refusal:
        double.person()
    assert refusal.value.code == code


def test_person_comes_with_what_the_provider_has_verified(double: Double) -> None:
    olga = OpenIdPerson("5f0c-olga", "Иванова", "Ольга", "Сергеевна", "olga.ivanova@example.org", "")
    assert double.person() == olga
    assert double.person("boris").email == ""


def test_secret_may_travel_in_the_form(double: Double) -> None:
    double.inside.methods = ["client_secret_post"]
    assert double.person().subject == "5f0c-olga"


def test_wrong_secret_is_told(double: Double) -> None:
    double.ours = replace(double.ours, client_secret="other")
    refused(double, "invalid_client")


def test_code_works_once_and_only_with_its_verifier(double: Double) -> None:
    kept = new_secrets()
    code = double.code("olga", kept)
    OpenIdClient(double.ours).person(code, RETURN, kept)
    with pytest.raises(OpenIdRefusal, match="invalid_grant"):
        OpenIdClient(double.ours).person(code, RETURN, kept)
    stolen = double.code("olga", kept)
    with pytest.raises(OpenIdRefusal, match="invalid_grant"):
        OpenIdClient(double.ours).person(stolen, RETURN, kept | {"verifier": "x" * 43})


def test_code_of_another_persons_entry_is_refused_by_the_nonce(double: Double) -> None:
    kept = new_secrets()
    code = double.code("olga", kept)
    with pytest.raises(OpenIdRefusal, match="bad-token"):
        OpenIdClient(double.ours).person(code, RETURN, kept | {"nonce": "other"})


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": ["diary", "other"]},
        {"azp": "other"},
        {"exp": int(NOW.timestamp()) - 61},
        {"iat": int(NOW.timestamp()) + 61},
        {"nonce": None},
        {"exp": None},
        {"iat": "now"},
        {"sub": ""},
        {"sub": "somebody else than userinfo says"},
    ],
)
def test_token_with_a_wrong_claim_is_refused(double: Double, change: dict[str, Any]) -> None:
    double.inside.changed_claims = change
    refused(double, "bad-token")


def test_token_for_several_is_ours_when_it_says_so(double: Double) -> None:
    double.inside.changed_claims = {"aud": ["diary", "other"], "azp": "diary"}
    assert double.person().subject == "5f0c-olga"


def test_rotated_keys_are_read_anew_and_only_then(double: Double) -> None:
    double.person()
    double.person()
    assert double.inside.keys_read == 1
    double.inside.rotate()
    double.person()
    double.person()
    assert double.inside.keys_read == 2


def test_signature_by_a_key_that_is_not_published_is_refused(double: Double) -> None:
    published = double.inside.keys[-1].kid
    for name in (published, "unknown", None):
        options = {"kid": name} if name else {}
        double.inside.secret_key = RSAKey.generate_key(2048, options, auto_kid=False)
        refused(double, "bad-token")


@pytest.mark.parametrize("word", [word for word in MEANINGS if "-" not in word])
def test_every_word_of_oauth_has_its_sentence(double: Double, word: str) -> None:
    refusal = refusal_of("Область", word)
    assert word in refusal.sentence
    assert "сообщил об ошибке" not in refusal.sentence
    double.inside.trouble = ("token", word)
    refused(double, word)


def test_words_that_are_no_words_are_not_shown() -> None:
    assert "Позвоните" not in refusal_of("Область", "Позвоните нам").sentence


@pytest.mark.parametrize(
    "change", [{"issuer": "https://other.example"}, {"token_endpoint": "http://evil.example/"}, {"jwks_uri": 7}]
)
def test_discovery_of_another_issuer_or_without_tls_is_refused(double: Double, change: dict[str, Any]) -> None:
    app = App()

    @app.route("GET", "/.well-known/openid-configuration")
    def describe(request: Request) -> Response:
        good = json.loads(double.inside.describe(request).body)
        return json_response(good | change)

    with serving(app) as address:
        client = OpenIdClient(replace(double.ours, issuer=address))
        with pytest.raises(OpenIdRefusal, match="bad-discovery"):
            client.authorization_url("st", RETURN, new_secrets())


def test_provider_that_is_not_there_is_told(double: Double) -> None:
    ours = replace(double.ours, issuer="http://127.0.0.1:9")
    with pytest.raises(OpenIdRefusal) as refusal:
        OpenIdClient(ours).authorization_url("st", RETURN, new_secrets())
    assert (refusal.value.code, refusal.value.status) == ("no-answer", 504)


def test_token_of_yesterday_is_refused(double: Double) -> None:
    kept = new_secrets()
    code = double.code("olga", kept)
    with clock.fixed(NOW + dt.timedelta(days=1)), pytest.raises(OpenIdRefusal, match="bad-token"):
        OpenIdClient(double.ours).person(code, RETURN, kept)


def test_logs_and_texts_hold_no_secrets(double: Double, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        double.inside.trouble = ("token", "server_error")
        refused(double, "server_error")
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("diary"))
    assert "server_error" in said
    assert double.ours.client_secret not in said + repr(double.ours)


def test_provider_is_there_only_when_it_is_configured(settings: LazySettings) -> None:
    settings.OPENID_ISSUER = ""
    assert configuration() is None
    settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID = "https://id.region.example/realm", "diary"
    found = configuration()
    assert found is not None
    assert found.name == "id.region.example"
