"""Takes a request's body whole before a page's thread is used, within limits of door, person and process."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import IO

from diary.foundation.live.stream import Receive, Scope

Header = tuple[bytes, bytes]

KIB, MIB = 1024, 1024 * 1024
MEMORY = MIB  # bytes of a body held in memory; the rest of an upload waits on the disk
FREE = 64 * KIB  # bytes that anybody may send to any door
FREE_SHARE = 4 * MIB  # bytes that one address may have on their way unasked
FREE_WALL = 32 * MIB  # the same for all addresses together
PERSON_SHARE = 40 * MIB  # bytes that one person may have on their way
WALL = 256 * MIB  # bytes that all bodies together may hold in this process
PATIENCE = 20.0  # seconds for a body to arrive, and one more for each
SLOWEST = 64 * KIB  # bytes of its length
RETRY_AFTER = 5  # seconds


class Unfinished(Exception):
    """The request did not arrive whole; `status` says why. A client that has gone does not hear it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who sends a body that is larger than anybody may send, and how much this door takes from them."""

    person: str
    limit: int


# who stands behind a request, asked only when its body is larger than FREE; None: nobody who may send that much
Ask = Callable[[Scope], Awaitable[Bringer | None]]


class Pot:
    """Bytes that are on their way, in all and for each holder."""

    def __init__(self, wall: int, share: int) -> None:
        self._wall, self._share = wall, share
        self._all = 0
        self._of: Counter[str] = Counter()
        self._lock = threading.Lock()  # pages give back from their threads

    def take(self, holder: str, size: int) -> bool:
        """Whether so many bytes more fit."""
        with self._lock:
            if self._all + size > self._wall or self._of[holder] + size > self._share:
                return False
            self._all += size
            self._of[holder] += size
            return True

    def give_back(self, holder: str, size: int) -> None:
        """So many bytes less."""
        with self._lock:
            self._all -= size
            self._of[holder] -= size
            if self._of[holder] <= 0:
                del self._of[holder]


class Body(tempfile.SpooledTemporaryFile[bytes]):
    """A body in memory, then on the disk; its bytes count until it is closed."""

    def __init__(self, pot: Pot, holder: str) -> None:
        super().__init__(MEMORY)
        self.size = 0
        self._pot, self._holder, self._held = pot, holder, 0

    def add(self, content: bytes) -> None:
        """Write on. Raises Unfinished (503) when there is no room for more just now."""
        if not self._pot.take(self._holder, len(content)):
            raise Unfinished(503)
        self._held += len(content)
        self.size += len(content)
        self.write(content)

    def move(self, pot: Pot, holder: str) -> None:
        """Count from now on as somebody else's. Raises Unfinished (503) when there is no room."""
        if not pot.take(holder, self._held):
            raise Unfinished(503)
        self._pot.give_back(self._holder, self._held)
        self._pot, self._holder = pot, holder

    def close(self) -> None:
        """Give the room back."""
        super().close()
        held, self._held = self._held, 0
        if held:
            self._pot.give_back(self._holder, held)


class Intake:
    """All bodies of this process."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._strangers = Pot(FREE_WALL, FREE_SHARE)
        self._persons = Pot(WALL, PERSON_SHARE)

    async def whole_body(self, scope: Scope, receive: Receive) -> IO[bytes]:
        """The request's body, all of it: a slow client holds a socket and nothing else.

        Raises Unfinished: 413 over what this door takes from this person, 408 when the client is too slow, 503 when
        there is no room just now, 400 when it is garbled, shorter than announced, or the client has gone: half a form
        must never reach a page.
        """
        expected = announced(scope["headers"])
        body = Body(self._strangers, str((scope.get("client") or ("",))[0]))
        try:
            limit = FREE
            if expected is not None and expected > FREE:
                limit = await self._more(scope, body, expected)
            async with asyncio.timeout(PATIENCE + (expected or limit) / SLOWEST):
                while True:
                    message = await receive()
                    # the server says the same of a client that has gone and of a chunk that is none
                    if message["type"] == "http.disconnect":
                        raise Unfinished(400)
                    content = message.get("body", b"")
                    if body.size + len(content) > limit == FREE:
                        limit = await self._more(scope, body, body.size + len(content))
                    if body.size + len(content) > limit:
                        raise Unfinished(413)
                    body.add(content)
                    if not message.get("more_body", False):
                        break
            if expected is not None and body.size != expected:
                raise Unfinished(400)
        except TimeoutError:
            body.close()
            raise Unfinished(408) from None
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body

    async def _more(self, scope: Scope, body: Body, wanted: int) -> int:
        """How much this person may bring here. Raises Unfinished (413) when it is less than `wanted`."""
        bringer = await self._ask(scope)
        if bringer is None or bringer.limit < wanted:
            raise Unfinished(413)
        body.move(self._persons, bringer.person)
        return bringer.limit


def has_body(headers: Iterable[Header]) -> bool:
    """Whether something follows the headers."""
    return any(name in (b"content-length", b"transfer-encoding") and value != b"0" for name, value in headers)


def announced(headers: Iterable[Header]) -> int | None:
    """The length that the client promises, if it does."""
    length = next((value for name, value in headers if name == b"content-length"), b"")
    return int(length) if length.isdigit() and len(length) < 19 else None
