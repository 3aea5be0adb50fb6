"""`/events`: the native async door of server-sent events, beside Django on the same port (G2).

The page that was checked carries a signed pass to its topics; only «something changed» travels here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from secrets import compare_digest
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections
from django.http.cookie import parse_cookie

from diary.foundation.live.hearing import may_hear
from diary.foundation.live.hub import Hub, Stream
from diary.foundation.live.topics import BadToken, read_token, session_trace

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEARTBEAT = 20.0  # seconds; keeps proxies from closing a quiet stream
RECHECK = 60.0  # seconds between two looks at whether session and rights still hold, however much is told meanwhile
STREAMS_PER_USER = 20
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

hub = Hub()
_database = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live-session")


async def events(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one EventSource until it goes away or its session ends."""
    token = parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])[0]
    try:
        user_id, trace, topics, issued_at = read_token(token)
    except BadToken:
        await _refuse(send, 403)
        return
    session_key = session_cookie(scope) or ""
    if not compare_digest(session_trace(session_key), trace) or not await _is_alive(user_id, session_key, topics):
        await _refuse(send, 401)
        return
    # nothing is awaited between counting and joining: many at once do not slip past the limit
    if hub.streams_of(user_id) >= STREAMS_PER_USER:
        await _refuse(send, 429)
        return
    stream = Stream(user_id, topics)
    hub.join(stream, since=issued_at)
    gone = asyncio.create_task(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await _say(send, "retry: 1500\n: open\n\n")
        seconds = asyncio.get_running_loop().time
        checked_at = seconds()
        while not gone.done():
            changed = asyncio.create_task(stream.wait(HEARTBEAT))
            await asyncio.wait({changed, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                changed.cancel()
                break
            names = changed.result()
            if seconds() - checked_at >= RECHECK:
                if not await _is_alive(user_id, session_key, topics):
                    break
                checked_at = seconds()
            await _say(send, "".join(f"data: {name}\n\n" for name in sorted(names)) or ": quiet\n\n")
        if not gone.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        hub.leave(stream)


def session_cookie(scope: Scope) -> str | None:
    """The browser's own session: a pass that leaked from an address opens nothing elsewhere."""
    cookies = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _is_alive(user_id: int, session_key: str, topics: list[str]) -> bool:
    return await asyncio.get_running_loop().run_in_executor(_database, _still_hears, user_id, session_key, topics)


def _still_hears(user_id: int, session_key: str, topics: list[str]) -> bool:
    """The session lives, is this person's, and each topic still concerns them: rights end while pages are open."""
    close_old_connections()
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    is_theirs = bool(store.get(SESSION_KEY) == str(user_id) and store.user)
    return is_theirs and may_hear(store.user.as_actor(), topics)
