"""Django's pages behind an async server: each request runs in one thread from its first byte to its last."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Protocol

from diary.foundation.live.stream import Receive, Scope, Send

Environ = dict[str, Any]
Header = tuple[bytes, bytes]
Message = MutableMapping[str, Any]

LARGE = 256 * 1024  # bytes: a streamed answer that is longer leaves in pieces of at least this size


class Application(Protocol):
    """A WSGI application, as far as we use it."""

    def __call__(self, environ: Environ, start_response: Any, /) -> Iterable[bytes]: ...


class Pages:
    """Carries ASGI requests to a WSGI application.

    A whole answer costs one hop to a thread and back: a general adapter, with a hop for each message, took twice as
    long (bench/README.md). Large answers and uploads pass piece by piece and are never held in memory.
    """

    def __init__(self, application: Application, threads: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        body = io.BufferedReader(Body(loop, receive)) if _has_body(scope["headers"]) else io.BytesIO()

        def send_from_thread(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result()

        start, content = await loop.run_in_executor(self._pool, self._answer, scope, body, send_from_thread)
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


class Body(io.RawIOBase):
    """The request's body, fetched from the server as the application reads it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive) -> None:
        self._loop = loop
        self._receive = receive
        self._rest = b""
        self._is_whole = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; 0 at the end."""
        while not self._rest and not self._is_whole:
            message = asyncio.run_coroutine_threadsafe(_received(self._receive), self._loop).result()
            self._rest = message.get("body", b"")
            self._is_whole = not message.get("more_body", False)
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


async def _received(receive: Receive) -> Message:
    """The server's own awaitable inside a coroutine: only those can be waited for from a thread."""
    return await receive()


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
