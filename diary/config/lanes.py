"""A lane of its own for a kind of request that may come in crowds, so that it never takes the threads of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
REMEMBERED = 10_000  # addresses; more than that are forgotten and asked again


@dataclass(frozen=True, slots=True)
class Cheap:
    """An answer that costs no thread."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Lane:
    """Few threads and a short queue for `method path`. What does not fit gets a cheap answer at once.

    An address that was told to wait (429 with Retry-After) is told so again without a thread until its time has come:
    two hundred guesses a second must not slow the pages of those who are in. Other requests that wait for the same slow
    work (`also`, under the same method) use the lane's threads and are never refused by it.
    """

    def __init__(
        self,
        method: str,
        path: str,
        *,
        threads: int,
        waiting: int,
        also: Collection[str] = (),
        refuse: Callable[[Any, Any, int, int], Cheap],
    ) -> None:
        """`refuse(scope, body, status, seconds)` makes the cheap answer: 503 when the queue is full, or 429."""
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="lane")
        self._door = (method, path)
        self._also = frozenset((method, other) for other in also)
        self._room = threads + waiting
        self._inside = 0
        self._refuse = refuse
        self._shut_until: dict[str, float] = {}

    def takes(self, scope: Mapping[str, Any]) -> bool:
        """Whether this request goes here."""
        return (scope["method"], scope["path"]) == self._door

    def carries(self, scope: Mapping[str, Any]) -> bool:
        """Whether this request only uses the lane's threads."""
        return (scope["method"], scope["path"]) in self._also

    def refusal(self, scope: Mapping[str, Any], body: Any, *, retry_after: int = 5) -> Cheap | None:
        """The cheap answer, or None when there is room."""
        seconds = self._shut_until.get(_address(scope), 0.0) - _now()
        if seconds > 0:
            return self._refuse(scope, body, 429, int(seconds) + 1)
        if self._inside >= self._room:
            return self._refuse(scope, body, 503, retry_after)
        return None

    async def inside(self, work: Awaitable[T]) -> T:
        """Count a request while it waits and works."""
        self._inside += 1
        try:
            return await work
        finally:
            self._inside -= 1

    def learn(self, scope: Mapping[str, Any], start: Mapping[str, Any] | None) -> None:
        """Remember an address that was told to wait."""
        if start is None or start.get("status") != 429:
            return
        seconds = dict(start["headers"]).get(b"retry-after", b"")
        if len(self._shut_until) >= REMEMBERED:
            self._shut_until.clear()
        self._shut_until[_address(scope)] = _now() + int(seconds or 1)


def _address(scope: Mapping[str, Any]) -> str:
    return str((scope.get("client") or ("",))[0])


def _now() -> float:
    return asyncio.get_running_loop().time()
