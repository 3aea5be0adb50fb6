"""A return is good once, in the browser that set out, within ten minutes, and leads to a page of ours."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from diary.foundation.core import clock
from diary.gates.integrations.attempts import AttemptLost, begin, finish
from tests.people import NOW


@pytest.fixture
def browser() -> HttpRequest:
    return with_next("/diary/")


def with_next(address: str) -> HttpRequest:
    request = RequestFactory().get("/esia/start/", {"next": address})
    request.session = {}  # type: ignore[assignment]
    return request


def test_return_finds_what_was_remembered_once(browser: HttpRequest) -> None:
    state = begin(browser, "openid", nonce="n")
    assert uuid.UUID(state)
    attempt = finish(browser, "openid", state)
    assert (attempt.next, attempt.secrets) == ("/diary/", {"nonce": "n"})
    with pytest.raises(AttemptLost):
        finish(browser, "openid", state)


def test_return_in_another_browser_is_refused(browser: HttpRequest) -> None:
    state = begin(browser, "esia")
    with pytest.raises(AttemptLost):
        finish(with_next("/"), "esia", state)


def test_return_of_another_provider_is_refused(browser: HttpRequest) -> None:
    state = begin(browser, "esia")
    with pytest.raises(AttemptLost):
        finish(browser, "openid", state)


@pytest.mark.parametrize("state", ["", "x", "привет", "0f5a1d5e-3c44-4f0b-9a54-0d6c0b8f2a11"])
def test_made_up_state_is_refused(browser: HttpRequest, state: str) -> None:
    begin(browser, "esia")
    with pytest.raises(AttemptLost):
        finish(browser, "esia", state)


def test_return_after_ten_minutes_is_refused(browser: HttpRequest) -> None:
    with clock.fixed(NOW):
        early, late = begin(browser, "esia"), begin(browser, "esia")
    with clock.fixed(NOW + dt.timedelta(minutes=10)):
        assert finish(browser, "esia", early)
    with clock.fixed(NOW + dt.timedelta(minutes=10, seconds=1)), pytest.raises(AttemptLost):
        finish(browser, "esia", late)


def test_two_tabs_do_not_disturb_each_other_and_many_are_forgotten(browser: HttpRequest) -> None:
    states = [begin(browser, "esia") for _ in range(4)]
    with pytest.raises(AttemptLost):
        finish(browser, "esia", states[0])
    assert all(finish(browser, "esia", state) for state in states[1:])


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "http:///evil"]
)
def test_next_leads_to_this_site_only(address: str) -> None:
    browser = with_next(address)
    assert finish(browser, "esia", begin(browser, "esia")).next == ""
