"""A diary that is a client of the ESIA double."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from django.conf import LazySettings

from diary.foundation.core import clock
from tests.doubles.esia.playing import Playing, playing
from tests.people import NOW

RETURN = "http://testserver/esia/return/"


@pytest.fixture(scope="session")
def _double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    with playing(tmp_path_factory.mktemp("esia"), lambda: NOW, RETURN) as double:
        yield double


@pytest.fixture
def double(_double: Playing, settings: LazySettings) -> Iterator[Playing]:
    """The double with nothing wrong, the settings that lead to it, and the clock of the cast."""
    for name, value in _double.settings().items():
        setattr(settings, name, value)
    with clock.fixed(NOW):
        yield _double
    _double.state.choose()


def walk(double: Playing, address: str, persona: str) -> httpx.URL:
    """What a browser does at ESIA: open the address, press a button (no persona: «Запретить»); where it is sent."""
    page = httpx.get(address)
    assert page.status_code == 200, page.text
    ticket = next(reversed(double.state.asked))
    answer = httpx.post(f"{double.address}/login", data={"ticket": ticket, "persona": persona})
    return httpx.URL(answer.headers["Location"])
