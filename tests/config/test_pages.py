"""The bridge between the async server and Django: only a whole body reaches a page, and a slow one holds nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from diary.config import pages
from diary.config.pages import Pages, Unfinished, whole_body


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers with what it was sent."""
    content = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode(), b" ", content]


def ask(messages: list[dict[str, Any]], length: int | None) -> list[dict[str, Any]]:
    """What leaves the bridge for a POST whose body arrives in these messages."""
    sent: list[dict[str, Any]] = []
    left: Iterator[dict[str, Any]] = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(left)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": headers,
    }
    asyncio.run(Pages(application, threads=1)(scope, receive, send))
    return sent


def part(content: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


def test_body_in_parts_reaches_the_page_whole() -> None:
    start, end = ask([part(b"ab", more=True), part(b"cd")], 4)
    assert (start["status"], end["body"]) == (200, b"POST abcd")


def test_half_a_form_never_reaches_a_page() -> None:
    assert ask([part(b"ab", more=True), {"type": "http.disconnect"}], 4) == []
    assert ask([part(b"ab")], 4) == []


def test_body_over_the_limit_is_413(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LARGEST_BODY", 3)
    start, _end = ask([part(b"abcd")], 4)
    assert start["status"] == 413


def test_slow_body_is_408_and_takes_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "BODY_PATIENCE", 0.05)

    async def never() -> dict[str, Any]:
        await asyncio.sleep(5)
        return {}

    async def story() -> int | None:
        with pytest.raises(Unfinished) as problem:
            await whole_body(never, 10)
        return problem.value.status

    assert asyncio.run(story()) == 408
