"""The lane of the door: a crowd there gets cheap answers, keeps what it typed, and never takes the pages' threads."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from diary.config.bodies import Bringer, Intake
from diary.config.lanes import Cheap, Lane
from diary.config.pages import Pages, environ
from diary.people.door.signing_in.overload import overload_page

FORM = b"login=%3Cb%3Eolga&password=Secret-2026&next=%2Fdiary%2F&csrfmiddlewaretoken=abc123"


def form(login: str) -> bytes:
    return f"login={login}&password=Secret-2026".encode()


def scope(method: str = "POST", path: str = "/sign-in/", ip: str = "10.0.0.1", **headers: str) -> dict[str, Any]:
    named = {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(FORM))} | headers
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "http_version": "1.1",
        "client": (ip, 1),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }


def cheap(_scope: Any, _body: Any, status: int, seconds: int) -> Cheap:
    return Cheap(status, [(b"retry-after", str(seconds).encode())], b"cheap")


async def nobody(_scope: Any) -> Bringer | None:
    return None


async def ask(pages: Pages, asked: dict[str, Any], body: bytes = FORM) -> int:
    """The status of the answer."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await pages(asked, receive, send)
    return int(sent[0]["status"])


def test_crowd_at_the_door_does_not_stop_those_inside() -> None:
    """Every thread of the door is busy and its queue is full; the next one hears 503, and a page is made as ever."""
    go_on = threading.Event()

    def application(given: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if given["PATH_INFO"] == "/sign-in/" and given["REQUEST_METHOD"] == "POST":
            go_on.wait(10)
        start_response("200 OK", [])
        return [b"ok"]

    async def crowd() -> tuple[list[int], list[int], list[int]]:
        lane = Lane("POST", "/sign-in/", threads=2, waiting=3, refuse=cheap)
        pages = Pages(application, threads=1, intake=Intake(nobody), lane=lane)
        waiting = [asyncio.create_task(ask(pages, scope(ip=f"10.0.0.{n}"))) for n in range(5)]
        await asyncio.sleep(0.05)
        late = [await ask(pages, scope(ip="10.0.1.1")) for _one in range(3)]
        inside = [await ask(pages, scope("GET", path)) for path in ("/diary/", "/sign-in/")]
        go_on.set()
        return await asyncio.gather(*waiting), late, inside

    first, late, inside = asyncio.run(crowd())
    assert (first, late, inside) == ([200] * 5, [503] * 3, [200] * 2)


def test_address_that_was_told_to_wait_is_told_again_without_a_thread() -> None:
    asked: list[str] = []

    def application(given: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.append(given["REMOTE_ADDR"])
        start_response("429 Too Many Requests", [("Retry-After", "3")])
        return [b""]

    async def guesses() -> list[int]:
        lane = Lane("POST", "/sign-in/", threads=1, waiting=1, refuse=cheap)
        pages = Pages(application, threads=1, intake=Intake(nobody), lane=lane)
        answers = [await ask(pages, scope()) for _one in range(50)]
        answers.append(await ask(pages, scope(ip="10.0.0.2")))
        lane._shut_until = {address: moment - 3 for address, moment in lane._shut_until.items()}
        return [*answers, await ask(pages, scope())]

    assert asyncio.run(guesses()) == [429] * 52
    assert asked == ["10.0.0.1", "10.0.0.2", "10.0.0.1"]


@pytest.mark.parametrize(("status", "words"), [(503, "очень много людей"), (429, "Слишком много попыток")])
def test_page_of_overload_keeps_the_login_and_forgets_the_password(status: int, words: str) -> None:

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        headers, body = overload_page(environ(scope(), io.BytesIO(FORM)), status, 7)
    page, named = body.decode(), dict(headers)
    assert words in page
    assert 'value="&lt;b&gt;olga"' in page
    assert 'name="next" value="/diary/"' in page
    assert 'name="csrfmiddlewaretoken" value="abc123"' in page
    assert "Secret-2026" not in page
    assert "[[" not in page
    assert (named["Retry-After"], named["Cache-Control"]) == ("7", "private, no-store")
    assert "default-src 'none'" in named["Content-Security-Policy"]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%", b"login=" + b"a" * 3_000_000, b"next=//evil.example"])
def test_page_of_overload_stands_whatever_was_sent(body: bytes) -> None:

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    asked = scope(**{"content-length": str(len(body)), "cookie": "theme=dark; language=en"})
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        _headers, made = overload_page(environ(asked, io.BytesIO(body)), 503, 5)
    assert b"evil.example" not in made
    assert b'data-theme="dark"' in made


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded; charset=utf-16"])
def test_page_of_overload_is_made_whatever_was_sent(kind: str) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    given = scope(**{"content-type": kind})
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        _headers, body = overload_page(environ(given, io.BytesIO(FORM)), 503, 7)
    assert "очень много людей" in body.decode()


def test_other_slow_forms_use_the_threads_of_the_lane() -> None:
    """New passwords are hashed too: with all of the lane's threads taken by them, a page is made as ever."""
    go_on = threading.Event()

    def application(given: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if given["PATH_INFO"] == "/sign-up/" and given["REQUEST_METHOD"] == "POST":
            go_on.wait(10)
        start_response("200 OK", [])
        return [b"ok"]

    async def crowd() -> tuple[int, list[int]]:
        lane = Lane("POST", "/sign-in/", threads=1, waiting=0, also=["/sign-up/"], refuse=cheap)
        pages = Pages(application, threads=1, intake=Intake(nobody), lane=lane)
        waiting = [asyncio.create_task(ask(pages, scope(path="/sign-up/"))) for _one in range(5)]
        await asyncio.sleep(0.05)
        inside = await ask(pages, scope("GET", "/diary/"))
        go_on.set()
        return inside, await asyncio.gather(*waiting)

    assert asyncio.run(crowd()) == (200, [200] * 5)


def test_forty_loops_of_one_person_do_not_shut_out_the_school_behind_the_same_address() -> None:
    """A4: two places for one login; the limit of an account never shuts the address; no address takes all places."""
    go_on = threading.Event()
    asked: list[bytes] = []

    def application(given: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        sent = given["wsgi.input"].read()
        asked.append(sent)
        if b"login=loop" in sent:
            go_on.wait(10)
            start_response("429 Too Many Requests", [("Retry-After", "6"), ("X-Limit", "account")])
        else:
            start_response("302 Found", [])
        return [b""]

    def sent(login: str, ip: str = "10.0.0.1") -> tuple[dict[str, Any], bytes]:
        body = form(login)
        return scope(ip=ip, **{"content-length": str(len(body))}), body

    async def crowd() -> tuple[list[int], list[int], list[int], list[int]]:
        lane = Lane("POST", "/sign-in/", threads=2, waiting=16, refuse=cheap)
        pages = Pages(application, threads=1, intake=Intake(nobody), lane=lane)
        loops = [asyncio.create_task(ask(pages, *sent("loop"))) for _one in range(40)]
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(ask(pages, *sent(f"pupil{n}"))) for n in range(12)]
        elsewhere = [asyncio.create_task(ask(pages, *sent(f"anna{n}", f"10.0.1.{n}"))) for n in range(5)]
        await asyncio.sleep(0.05)
        go_on.set()
        first = await asyncio.gather(*loops)
        inside = await asyncio.gather(*others), await asyncio.gather(*elsewhere)
        return first, *inside, [await ask(pages, *sent("loop")), await ask(pages, *sent("pupil1"))]

    loops, others, elsewhere, after = asyncio.run(crowd())
    assert loops == [429] * 40
    assert len([body for body in asked if b"login=loop" in body]) == 2
    assert (others, elsewhere) == ([302] * 11 + [503], [302] * 5)
    assert after == [429, 302]
