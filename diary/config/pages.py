"""Django's pages behind an async server: each request runs in one thread from its first byte to its last."""

from __future__ import annotations

import asyncio
import io
import sys
from asyncio import Future
from collections.abc import Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Protocol

from django.core.handlers.wsgi import WSGIRequest

from diary.config.bodies import RETRY_AFTER, Intake, Unfinished, has_body
from diary.config.lanes import Cheap, Lane
from diary.foundation.files.answers import FileAnswer
from diary.foundation.files.door import RETRY_AFTER as FILES_RETRY_AFTER
from diary.foundation.files.door import FileDoor, TooManyFiles
from diary.foundation.live.stream import Receive, Scope, Send
from diary.foundation.ui.bare_errors import bare_error

Environ = dict[str, Any]
Message = MutableMapping[str, Any]
Answer = bytes | FileAnswer


class Application(Protocol):
    """A WSGI application, as far as we use it."""

    def __call__(self, environ: Environ, start_response: Any, /) -> Iterable[bytes]: ...


class Pages:
    """Carries ASGI requests to a WSGI application.

    A whole answer costs one hop to a thread and back: a general adapter, with a hop for each message, took twice as
    long (bench/README.md). A request's body is whole before a thread begins. A page never streams: its answer leaves
    in one message, and a file leaves by the file door after the page's thread is free again.
    """

    def __init__(self, application: Application, threads: int, intake: Intake, lane: Lane | None = None) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._intake = intake
        self._lane = lane
        self._files = FileDoor()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body: IO[bytes] = io.BytesIO()
        if has_body(scope["headers"]):
            try:
                body = await self._intake.whole_body(scope, receive)
            except Unfinished as problem:
                await _say(send, refusal(scope, problem.status))
                return
        if self._lane and self._lane.takes(scope):
            if cheap := self._lane.refusal(scope, body):
                body.close()
                await _say(send, cheap)
                return
            person = self._lane.person_of(scope, body)
            start, answer = await self._lane.inside(scope, person, self._made(self._lane.pool, scope, body))
            self._lane.learn(scope, person, start)
        else:
            pool = self._lane.pool if self._lane and self._lane.carries(scope) else self._pool
            start, answer = await self._made(pool, scope, body)
        if isinstance(answer, bytes):
            await send(start)
            await send({"type": "http.response.body", "body": answer, "more_body": False})
            return
        try:
            await self._files.send(answer, start, send)
        except TooManyFiles:
            await _say(send, refusal(scope, 503, FILES_RETRY_AFTER))

    def _made(self, pool: ThreadPoolExecutor, scope: Scope, body: IO[bytes]) -> Future[tuple[Message, Answer]]:
        return asyncio.get_running_loop().run_in_executor(pool, self._answer, scope, body)

    def _answer(self, scope: Scope, body: IO[bytes]) -> tuple[Message, Answer]:
        """Run the application: the head of its answer, and its content or the file that is to leave."""
        start: Message = {"type": "http.response.start"}

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            start.update(status=int(status[:3]), headers=named)

        response = self._application(environ(scope, body), start_response)
        if isinstance(response, FileAnswer) and scope["method"] != "HEAD":
            body.close()
            return start, response
        try:
            return start, b"".join(response)
        finally:
            getattr(response, "close", lambda: None)()
            body.close()


def refusal(scope: Scope, status: int, seconds: int = RETRY_AFTER) -> Cheap:
    """What is said, without a page's thread, to a request that no page will see."""
    headers, content = bare_error(WSGIRequest(environ(scope, io.BytesIO())), status)
    named = [(name.lower().encode(), value.encode()) for name, value in headers]
    named += [(b"connection", b"close")]  # what is left of the body is not read
    if status == 503:
        named += [(b"retry-after", str(seconds).encode())]
    return Cheap(status, named, content)


async def _say(send: Send, answer: Cheap) -> None:
    length = (b"content-length", str(len(answer.body)).encode())
    start = {"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, length]}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


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
