"""The bridge between the async server and Django: only a whole body reaches a page, and a slow one holds nobody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from diary.config.bodies import FREE, Bringer, Intake
from diary.config.pages import Pages
from diary.foundation.files.answers import FileAnswer, download
from diary.foundation.files.door import FileDoor, TooManyFiles


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers with what it was sent."""
    content = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode(), b" ", content]


async def nobody(_scope: Any) -> Bringer | None:
    return None


async def empty() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def request(path: str) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": path, "query_string": b"", "http_version": "1.1", "headers": []}


def ask(
    messages: list[dict[str, Any]],
    length: int | None,
    more_headers: list[tuple[bytes, bytes]] | None = None,
    application: Any = application,
) -> list[dict[str, Any]]:
    """What leaves the bridge for a POST whose body arrives in these messages."""
    sent: list[dict[str, Any]] = []
    left: Iterator[dict[str, Any]] = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(left)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    scope = request("/") | {"method": "POST", "headers": [*headers, *(more_headers or [])]}
    asyncio.run(Pages(application, threads=1, intake=Intake(nobody))(scope, receive, send))
    return sent


def part(content: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


def test_body_in_parts_reaches_the_page_whole() -> None:
    start, end = ask([part(b"ab", more=True), part(b"cd")], 4)
    assert (start["status"], end["body"]) == (200, b"POST abcd")


def test_half_a_form_never_reaches_a_page() -> None:
    for messages in ([part(b"ab", more=True), {"type": "http.disconnect"}], [part(b"ab")]):
        start, end = ask(messages, 4)
        assert start["status"] == 400
        assert b"POST" not in end["body"]


def test_body_that_no_door_takes_is_refused_with_a_page() -> None:
    start, end = ask([], FREE + 1)
    assert start["status"] == 413
    assert "Слишком большой" in end["body"].decode()


def test_script_hears_the_refusal_as_json() -> None:
    start, end = ask([], FREE + 1, [(b"accept", b"application/json")])
    assert (start["status"], set(json.loads(end["body"]))) == (413, {"message"})


def leave(answer: FileAnswer, door: FileDoor, send: Any) -> None:
    asyncio.run(door.send(answer, {"type": "http.response.start", "status": 200, "headers": []}, send))


def test_file_leaves_in_pieces_after_the_page() -> None:
    content = b"x" * 200_000

    def gives_a_file(environ: dict[str, Any], start_response: Any) -> Any:
        answer = download(content, name="отчёт №1.csv", media_type="text/csv", person_id=7)
        start_response("200 OK", list(answer.items()))
        return answer

    start, *pieces = ask([part(b"a")], 1, application=gives_a_file)
    headers = dict(start["headers"])
    assert b"".join(piece["body"] for piece in pieces) == content
    assert len(pieces) > 3
    assert headers[b"content-length"] == b"200000"
    assert b"filename*=UTF-8''%D0%BE%D1%82" in headers[b"content-disposition"]


def test_stalled_readers_take_no_page_thread() -> None:
    """Three readers who take nothing stopped every page (C5): now fifty do not slow one that runs beside them."""

    async def story() -> None:
        stuck = asyncio.Event()

        async def send_never(message: Any) -> None:
            if message["type"] == "http.response.body":
                await stuck.wait()

        served = Pages(choosing, threads=1, intake=Intake(nobody))
        readers = [asyncio.create_task(served(request("/file"), empty, send_never)) for _ in range(50)]
        await asyncio.sleep(0)
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await asyncio.wait_for(served(request("/page"), empty, send), 20)
        assert sent[0]["status"] == 200
        assert not any(reader.done() for reader in readers)
        stuck.set()
        await asyncio.gather(*readers)

    persons = iter(range(1, 1000))

    def choosing(environ: dict[str, Any], start_response: Any) -> Any:
        answer: Any = [b"page"]
        if environ["PATH_INFO"] == "/file":
            answer = download(b"x" * 500_000, name="a", media_type="text/csv", person_id=next(persons))
        start_response("200 OK", [])
        return answer

    asyncio.run(story())


def test_reader_who_takes_nothing_is_cut_off_without_an_end() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) == 2:
            await asyncio.sleep(5)

    closed: list[bool] = []
    answer = download(b"x" * 500_000, name="a", media_type="text/csv", person_id=1)
    answer.close = lambda: closed.append(True)  # type: ignore[method-assign]
    leave(answer, FileDoor(stalled=0.05), send)
    assert all(message.get("more_body", True) for message in sent)
    assert closed == [True]


def test_one_person_has_a_few_files_at_a_time() -> None:
    door = FileDoor(of_one_person=1)
    with door.place(1):
        with pytest.raises(TooManyFiles), door.place(1):
            pass
        with door.place(2):
            pass
    with door.place(1):
        pass
