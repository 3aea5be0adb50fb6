"""`/events` over a small ASGI harness, with real sessions and real NOTIFY."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection

from conftest import owner_settings
from diary.config.asgi import application
from diary.foundation.access.actor import Actor
from diary.foundation.access.scope import school_scope
from diary.foundation.live import stream
from diary.foundation.live.topics import CHANNEL, live_token, topic
from diary.people.accounts.models import User
from diary.people.roster.models import Guardian
from tests.committed import committed_session, elsewhere, end_session, other_connections_closed
from tests.people import Cast

TOPIC = "course:1:x"
PATIENCE = 5.0  # seconds


browsers: dict[str, str] = {}  # the session of the browser that got this pass; a forged one comes from none


def pass_for(actor: Actor, session_key: str | None, topics: list[str]) -> str:
    """A pass in the page of a browser with this session."""
    token = live_token(actor, session_key, topics)
    browsers[token] = session_key or ""
    return token


class Page:
    """One EventSource."""

    def __init__(self, token: str = "") -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.text = ""
        self.is_over = False
        self._leave = asyncio.Event()
        self._news = asyncio.Condition()
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/events",
            "query_string": urlencode({"t": token}).encode() if token else b"",
            "headers": [(b"cookie", f"session={browsers.get(token, '')}".encode())],
        }
        self._answer = asyncio.create_task(application(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._leave.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        async with self._news:
            if message["type"] == "http.response.start":
                self.status, self.headers = message["status"], dict(message["headers"])
            else:
                self.text += message["body"].decode()
                self.is_over = not message["more_body"]
            self._news.notify_all()

    async def until(self, condition: Callable[[Page], bool]) -> None:
        """Wait until the page has seen this."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: condition(self)), PATIENCE)

    async def opened(self) -> Page:
        await self.until(lambda page: page.is_over or ": open" in page.text)
        return self

    async def leave(self) -> None:
        self._leave.set()
        await asyncio.wait_for(self._answer, PATIENCE)


Play = Callable[[Callable[[], Awaitable[None]]], None]


@pytest.fixture
def with_rights(cast: Cast) -> Iterator[Play]:
    with other_connections_closed():
        yield lambda story: asyncio.run(story())


@pytest.fixture
def opened(with_rights: Play, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Topics are made up, and everybody may hear of them."""
    monkeypatch.setattr(stream, "may_hear", lambda _actor, _topics: True)
    return with_rights


async def notify(*topics: str) -> None:
    """The worker's word, from another connection."""
    app = connection.settings_dict
    async with await psycopg.AsyncConnection.connect(
        dbname=app["NAME"],
        user=app["USER"],
        password=app["PASSWORD"],
        host=str(owner_settings(app["NAME"])["HOST"]),
        autocommit=True,
    ) as worker:
        await worker.execute("SELECT pg_notify(%s, %s)", [CHANNEL, " ".join(topics)])


def test_page_hears_of_a_change_of_its_topics_only(cast: Cast, opened: Play) -> None:
    async def story() -> None:
        anna = await Page(passes["anna"]).opened()
        assert (anna.status, anna.headers[b"content-type"]) == (200, b"text/event-stream; charset=utf-8")
        assert anna.headers[b"cache-control"] == b"no-store"
        # the process hears nothing yet and says so, and again when the listener stands: look, something may be missed
        await anna.until(lambda page: page.text.count(f"data: {TOPIC}\n\n") == 2)
        olga = await Page(passes["olga"]).opened()
        anna.text = olga.text = ""
        await notify("student:1:z", TOPIC)
        await anna.until(lambda page: bool(page.text))
        await notify("student:1:y")
        await olga.until(lambda page: bool(page.text))
        assert (anna.text, olga.text) == (f"data: {TOPIC}\n\n", "data: student:1:y\n\n")
        await anna.leave()
        await olga.leave()
        assert stream.hub.streams_of(cast.users["anna"].id) == 0

    with committed_session(cast.users["anna"]) as anna_key, committed_session(cast.users["olga"]) as olga_key:
        passes = {
            "anna": pass_for(cast.actor("anna"), anna_key, [TOPIC]),
            "olga": pass_for(cast.actor("olga"), olga_key, ["student:1:y"]),
        }
        opened(story)


def refused_status(opened: Play, token: str) -> int:
    """The status of an answer that is over at once."""
    found: list[Page] = []

    async def story() -> None:
        page = Page(token)
        await page.until(lambda page: page.is_over)
        found.append(page)

    opened(story)
    assert found[0].text == ""
    return found[0].status


@pytest.mark.parametrize("token", ["", "forged", "a:b:c", "\0", "я" * 3000])
def test_forged_pass_is_refused(opened: Play, token: str) -> None:
    assert refused_status(opened, token) == 403


def test_session_that_never_was_is_refused(cast: Cast, opened: Play) -> None:
    for key in (None, "", "x" * 32):
        assert refused_status(opened, pass_for(cast.actor("anna"), key, [TOPIC])) == 401


def test_session_that_has_ended_is_refused(cast: Cast, opened: Play) -> None:
    with committed_session(cast.users["anna"]) as key:
        token = pass_for(cast.actor("anna"), key, [TOPIC])
    assert refused_status(opened, token) == 401


def test_session_of_another_person_is_refused(cast: Cast, opened: Play) -> None:
    with committed_session(cast.users["boris"]) as key:
        assert refused_status(opened, pass_for(cast.actor("anna"), key, [TOPIC])) == 401


def test_person_who_was_switched_off_is_refused(cast: Cast, opened: Play) -> None:
    boris = User.objects.filter(id=cast.users["boris"].id)
    with committed_session(cast.users["boris"]) as key:
        token = pass_for(cast.actor("boris"), key, [TOPIC])
        elsewhere(lambda: boris.update(is_active=False))
        try:
            assert refused_status(opened, token) == 401
        finally:
            elsewhere(lambda: boris.update(is_active=True))


@pytest.mark.parametrize("is_busy", [False, True])
def test_stream_closes_when_its_session_ends(
    cast: Cast, opened: Play, monkeypatch: pytest.MonkeyPatch, is_busy: bool
) -> None:
    """Whether the page hears much or nothing."""
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    monkeypatch.setattr(stream, "RECHECK", 0.1)

    async def story() -> None:
        page = await Page(token).opened()
        await asyncio.get_running_loop().run_in_executor(None, end_session, key)
        if is_busy:
            for _ in range(20):
                stream.hub._tell([TOPIC])
                await asyncio.sleep(0.02)
        await page.until(lambda page: page.is_over)
        assert stream.hub.streams_of(cast.users["anna"].id) == 0

    with committed_session(cast.users["anna"]) as key:
        token = pass_for(cast.actor("anna"), key, [TOPIC])
        opened(story)


def test_quiet_stream_breathes(cast: Cast, opened: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)

    async def story() -> None:
        page = await Page(token).opened()
        await page.until(lambda page: ": quiet\n\n" in page.text)
        assert not page.is_over
        await page.leave()

    with committed_session(cast.users["anna"]) as key:
        token = pass_for(cast.actor("anna"), key, [TOPIC])
        opened(story)


def test_person_opens_so_many_streams_and_no_more(cast: Cast, opened: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even all at once."""
    monkeypatch.setattr(stream, "STREAMS_PER_USER", 3)

    async def story() -> None:
        pages = [Page(token) for _ in range(8)]
        for page in pages:
            await page.opened()
        assert sorted(page.status for page in pages) == [200] * 3 + [429] * 5
        for page in pages:
            await page.leave()
        assert (await Page(token).opened()).status == 200

    with committed_session(cast.users["anna"]) as key:
        token = pass_for(cast.actor("anna"), key, [TOPIC])
        opened(story)


def test_lost_database_is_found_again_and_everybody_looks_anew(cast: Cast, opened: Play) -> None:
    async def story() -> None:
        page = await Page(token).opened()
        await page.until(lambda page: f"data: {TOPIC}\n\n" in page.text)
        page.text = ""
        await asyncio.get_running_loop().run_in_executor(None, elsewhere, cut_listeners)
        await page.until(lambda page: f"data: {TOPIC}\n\n" in page.text)
        await page.leave()

    def cut_listeners() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND query LIKE 'LISTEN%%'"
            )

    with committed_session(cast.users["anna"]) as key:
        token = pass_for(cast.actor("anna"), key, [TOPIC])
        opened(story)


@contextmanager
def rights_of(cast: Cast, who: str, rights: str) -> Iterator[None]:
    """As if the school had just given them, seen by every connection."""

    def give(wanted: str) -> None:
        with school_scope({cast.school.id}):
            Guardian.objects.filter(user=cast.users[who]).update(rights=wanted)

    elsewhere(lambda: give(rights))
    try:
        yield
    finally:
        elsewhere(lambda: give("full"))


def test_stream_closes_when_the_right_to_hear_ends(
    cast: Cast, with_rights: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    monkeypatch.setattr(stream, "RECHECK", 0.1)

    async def story() -> None:
        page = await Page(token).opened()
        assert page.status == 200
        await page.until(lambda page: ": quiet\n\n" in page.text)
        with rights_of(cast, "olga", "none"):
            await page.until(lambda page: page.is_over)

    with committed_session(cast.users["olga"]) as key:
        token = pass_for(cast.actor("olga"), key, [topic("student", cast.school.id, cast.masha.id)])
        with_rights(story)
        with rights_of(cast, "olga", "none"):
            assert refused_status(with_rights, token) == 401


def test_pass_alone_gives_no_right_to_hear(cast: Cast, with_rights: Play) -> None:
    topics = [
        topic("student", cast.school.id, cast.petya.id),
        topic("course", cast.school.id, cast.algebra.id),
        topic("course", cast.other_school.id, cast.foreign_course.id),
        topic("letters", cast.school.id, cast.masha.id),
    ]
    with committed_session(cast.users["olga"]) as key:
        for name in topics:
            assert refused_status(with_rights, pass_for(cast.actor("olga"), key, [name])) == 401, name


def test_teacher_hears_of_the_own_course(cast: Cast, with_rights: Play) -> None:
    async def story() -> None:
        page = await Page(token).opened()
        assert page.status == 200
        await page.leave()

    with committed_session(cast.users["anna"]) as key:
        token = pass_for(cast.actor("anna"), key, [topic("course", cast.school.id, cast.algebra.id)])
        with_rights(story)
