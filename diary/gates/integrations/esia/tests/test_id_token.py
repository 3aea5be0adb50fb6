"""An id_token must be signed by ESIA, for us, now, about a natural person."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from diary.gates.integrations.esia.configuration import configuration
from diary.gates.integrations.esia.errors import EsiaRefusal
from diary.gates.integrations.esia.id_token import subject_of
from tests.doubles.esia.playing import Playing
from tests.people import NOW

SECONDS = int(NOW.timestamp())
GOOD: dict[str, Any] = {
    "iss": "http://esia.gosuslugi.ru/",
    "aud": "DIARY",
    "sub": 77,
    "nbf": SECONDS,
    "iat": SECONDS,
    "exp": SECONDS + 3600,
    "urn:esia:sbj": {"urn:esia:sbj:typ": "P", "urn:esia:sbj:oid": 77, "urn:esia:sbj:is_tru": True},
}
Check = Callable[[str], Any]


@pytest.fixture
def check(double: Playing) -> Check:
    ours = configuration()
    assert ours is not None
    return lambda token: subject_of(token, ours, NOW)


def test_good_token_names_the_person(double: Playing, check: Check) -> None:
    subject = check(double.state.keys.sign(GOOD))
    assert (subject.oid, subject.is_trusted) == (77, True)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "http://esia.example/"},
        {"aud": "OTHER"},
        {"aud": ["DIARY", "OTHER"]},
        {"exp": SECONDS - 61},
        {"iat": SECONDS + 61},
        {"nbf": SECONDS + 61},
        {"sub": 78},
        {"exp": None},
        {"urn:esia:sbj": {}},
        {"urn:esia:sbj": None},
        {"urn:esia:sbj": {"urn:esia:sbj:typ": "P", "urn:esia:sbj:oid": "x", "urn:esia:sbj:is_tru": True}},
    ],
)
def test_token_with_a_wrong_claim_is_refused(double: Playing, check: Check, change: dict[str, Any]) -> None:
    with pytest.raises(EsiaRefusal, match="bad-token"):
        check(double.state.keys.sign(GOOD | change))


@pytest.mark.parametrize("name", GOOD)
def test_token_without_a_claim_is_refused(double: Playing, check: Check, name: str) -> None:
    with pytest.raises(EsiaRefusal, match="bad-token"):
        check(double.state.keys.sign({key: value for key, value in GOOD.items() if key != name}))


def test_organization_is_refused(double: Playing, check: Check) -> None:
    organization = GOOD["urn:esia:sbj"] | {"urn:esia:sbj:typ": "L"}
    with pytest.raises(EsiaRefusal, match="ESIA-007062"):
        check(double.state.keys.sign(GOOD | {"urn:esia:sbj": organization}))


def test_account_is_confirmed_only_when_the_token_says_true(double: Playing, check: Check) -> None:
    for said in (False, None, "true", 1):
        subject = GOOD["urn:esia:sbj"] | {"urn:esia:sbj:is_tru": said}
        assert check(double.state.keys.sign(GOOD | {"urn:esia:sbj": subject})).is_trusted is False


def test_token_signed_by_the_public_key_as_a_password_is_refused(double: Playing, check: Check) -> None:
    for file in double.state.keys.folder.glob("*.pem"):
        content = f"{encoded({'alg': 'HS256'})}.{encoded(GOOD)}"
        signature = hmac.digest(file.read_bytes(), content.encode(), "sha256")
        with pytest.raises(EsiaRefusal, match="bad-token"):
            check(f"{content}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_token_without_a_signature_is_refused(check: Check) -> None:
    for token in (f"{encoded({'alg': 'none'})}.{encoded(GOOD)}.", "", "a.b.c", "..."):
        with pytest.raises(EsiaRefusal, match="bad-token"):
            check(token)
