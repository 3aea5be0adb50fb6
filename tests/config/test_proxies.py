"""Proxies: who is trusted is believed, what cannot be read is 400, a visit in clear is not a loop (A7)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from diary.config.proxies import behind

TRUSTED = ["10.0.0.1/32", "fd00::/8"]


def seen(*headers: tuple[str, str], client: str = "10.0.0.1") -> dict[str, Any]:
    """What the application behind the proxy sees: client and scheme; or the status it never saw."""
    noted: dict[str, Any] = {}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        noted.update(client=scope["client"][0], scheme=scope["scheme"])

    async def send(message: Any) -> None:
        noted.setdefault("status", message.get("status"))

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "client": (client, 5),
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(behind(application, TRUSTED)(scope, receive, send))  # type: ignore[arg-type]
    return noted


@pytest.mark.parametrize(
    ("said", "visitor"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("1.2.3.4:5678", "1.2.3.4"),
        ("[2001:db8::1]:5678", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, fd00::2", "203.0.113.7"),
        ("fd00::2", "fd00::2"),
    ],
)
def test_visitor_is_the_last_address_that_is_no_proxy(said: str, visitor: str) -> None:
    assert seen(("x-forwarded-for", said), ("x-forwarded-proto", "https")) == {"client": visitor, "scheme": "https"}


def test_several_headers_are_read_as_one_list() -> None:
    headers = [("x-forwarded-for", "203.0.113.7"), ("x-forwarded-for", "fd00::9")]
    assert seen(*headers)["client"] == "203.0.113.7"


@pytest.mark.parametrize(
    "said", ["unknown", "_hidden", "1.2.3.4.5", "203.0.113.7:", "'; drop table", "1.2.3.4 5.6.7.8"]
)
def test_what_is_no_address_is_400(said: str) -> None:
    answer = seen(("x-forwarded-for", said))
    assert answer in ({"status": 400}, {"client": "203.0.113.7", "scheme": "http"})
    assert said == "203.0.113.7:" or answer == {"status": 400}


@pytest.mark.parametrize("said", ["ftp", "https, http", "wss"])
def test_what_is_no_scheme_is_400(said: str) -> None:
    assert seen(("x-forwarded-proto", said)) == {"status": 400}


def test_scheme_alone_is_believed() -> None:
    assert seen(("x-forwarded-proto", "https")) == {"client": "10.0.0.1", "scheme": "https"}


def test_stranger_is_not_believed_and_not_refused() -> None:
    said = seen(("x-forwarded-for", "unknown"), ("x-forwarded-proto", "https"), client="203.0.113.9")
    assert said == {"client": "203.0.113.9", "scheme": "http"}
