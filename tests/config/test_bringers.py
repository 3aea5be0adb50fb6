"""Who may bring a large body, asked before it is read: a living session for which the door is open (A5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from diary.config.bringers import _bringer
from diary.foundation.tables.sources import MAX_BYTES
from tests.people import Cast

IMPORTS = "/office/import/"


@pytest.fixture
def bringer(monkeypatch: pytest.MonkeyPatch, client_of: Any, cast: Cast) -> Any:
    """The person at a path, by login, on the test's own connection."""
    monkeypatch.setattr("diary.config.bringers.close_old_connections", lambda: None)

    def ask(login: str | None, path: str) -> Any:
        client: Client = client_of(login) if login else Client()
        return _bringer(client.cookies["session"].value if login else "none", path)

    return ask


def test_administrator_brings_an_import_and_an_ordinary_form(bringer: Any, cast: Cast) -> None:
    assert bringer("gleb", IMPORTS).limit > MAX_BYTES
    assert bringer("gleb", "/office/people/").limit == 2 * 1024 * 1024


@pytest.mark.parametrize("login", ["anna", "olga", "masha", None])
def test_nobody_else_brings_an_import(bringer: Any, login: str | None) -> None:
    assert bringer(login, IMPORTS) is None


def test_no_door_takes_nothing(bringer: Any) -> None:
    assert bringer("gleb", "/nowhere/") is None
    assert bringer("gleb", "/sign-in/") is None
