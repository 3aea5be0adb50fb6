"""Django's pages behind an async server: each request runs in one thread from its first byte to its last."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Protocol

from diary.config.lanes import Cheap, Lane
from diary.foundation.live.stream import Receive, Scope, Send

Environ = dict[str, Any]
Header = tuple[bytes, bytes]
Message = MutableMapping[str, Any]

MEMORY = 1024 * 1024  # bytes of a request's body held in memory; the rest of an upload waits on the disk
LARGEST_BODY = 25 * 1024 * 1024  # bytes; forms and uploads have lower limits of their own
BODY_PATIENCE = 60  # seconds for a body to arrive
LARGE = 256 * 1024  # bytes: a streamed answer that is longer leaves in pieces of at least this size


class Application(Protocol):
    """A WSGI application, as far as we use it."""

    def __call__(self, environ: Environ, start_response: Any, /) -> Iterable[bytes]: ...


class Pages:
    """Carries ASGI requests to a WSGI application.

    A whole answer costs one hop to a thread and back: a general adapter, with a hop for each message, took twice as
    long (bench/README.md). Large answers leave piece by piece; a request's body is whole before a thread begins.
    """

    def __init__(self, application: Application, threads: int, lane: Lane | None = None) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._lane = lane

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        body: IO[bytes] = io.BytesIO()
        if _has_body(scope["headers"]):
            try:
                body = await whole_body(receive, _announced(scope["headers"]))
            except Unfinished as problem:
                if problem.status is not None:
                    await _refuse(send, problem.status)
                return

        def send_from_thread(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result()

        if self._lane and self._lane.takes(scope):
            if cheap := self._lane.refusal(scope, body):
                body.close()
                await _say(send, cheap)
                return
            working = loop.run_in_executor(self._lane.pool, self._answer, scope, body, send_from_thread)
            start, content = await self._lane.inside(working)
            self._lane.learn(scope, start)
        else:
            pool = self._lane.pool if self._lane and self._lane.carries(scope) else self._pool
            start, content = await loop.run_in_executor(pool, self._answer, scope, body, send_from_thread)
        if start is not None:
            await send(start)
        await send({"type": "http.response.body", "body": content, "more_body": False})

    def _answer(self, scope: Scope, body: IO[bytes], send: Callable[[Message], None]) -> tuple[Message | None, bytes]:
        """Run the application: its answer, or what is left of a large one whose beginning has been sent from here."""
        start: Message | None = {"type": "http.response.start"}

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            start.update(status=int(status[:3]), headers=named)  # type: ignore[union-attr]

        response = self._application(environ(scope, body), start_response)
        try:
            gathered = bytearray()
            for part in response:
                gathered += part
                if len(gathered) >= LARGE and getattr(response, "streaming", False):
                    if start is not None:
                        send(start)
                    send({"type": "http.response.body", "body": bytes(gathered), "more_body": True})
                    start, gathered = None, bytearray()
            return start, bytes(gathered)
        finally:
            getattr(response, "close", lambda: None)()
            body.close()


class Unfinished(Exception):
    """The request did not arrive whole; `status` says why, None when the client has gone."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status


async def whole_body(receive: Receive, expected: int | None) -> IO[bytes]:
    """The request's body, all of it, before a thread is taken: a slow client holds a socket and nothing else.

    `expected` is the announced length. Raises Unfinished: 413 over LARGEST_BODY, 408 when the client is too slow, None
    when it went away or sent less than it announced; half a form must never reach a page.
    """
    body = tempfile.SpooledTemporaryFile(MEMORY)  # noqa: SIM115 (the page closes it)
    size, is_whole = 0, False
    try:
        async with asyncio.timeout(BODY_PATIENCE):
            while not is_whole:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Unfinished(None)
                size += len(message.get("body", b""))
                if size > LARGEST_BODY:
                    raise Unfinished(413)
                body.write(message.get("body", b""))
                is_whole = not message.get("more_body", False)
        if expected is not None and size != expected:
            raise Unfinished(None)
    except TimeoutError:
        body.close()
        raise Unfinished(408) from None
    except Unfinished:
        body.close()
        raise
    body.seek(0)
    return body


def _announced(headers: Iterable[Header]) -> int | None:
    length = next((value for name, value in headers if name == b"content-length"), b"")
    return int(length) if length.isdigit() else None


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _say(send: Send, answer: Cheap) -> None:
    length = (b"content-length", str(len(answer.body)).encode())
    start = {"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, length]}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def _sent(send: Send, message: Message) -> None:
    await send(message)


def environ(scope: Scope, body: IO[bytes]) -> Environ:
    """The request as PEP 3333 describes it. Names with «_» are dropped: they would pass for those with «-»."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    made: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        made[key] = f"{made[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in made else value
    return made


def _has_body(headers: Iterable[Header]) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") and value != b"0" for name, value in headers)
