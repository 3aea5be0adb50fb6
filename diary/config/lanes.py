"""A lane of its own for a kind of request that may come in crowds, so that it never takes the threads of the others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any, TypeVar
from urllib.parse import parse_qs

T = TypeVar("T")
REMEMBERED = 10_000  # addresses; more than that are forgotten and asked again
OF_ONE_PERSON = 2  # requests inside at once, from one address under one login
SHARE_OF_ADDRESS = 0.75  # of the room: the rest is for those who come from elsewhere
LARGEST_FORM = 16_384  # bytes; no sign-in has more


@dataclass(frozen=True, slots=True)
class Cheap:
    """An answer that costs no thread."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Lane:
    """Few threads and a short queue for `method path`. What does not fit gets a cheap answer at once.

    One person (a login from one address) has two places at once, one address three quarters of them: whoever signs in
    in forty loops meets refusals alone. An address that was told to wait (429 with Retry-After) is told so again
    without a thread until its time has come: two hundred guesses a second must not slow the pages of those who are in.
    Where the limit was the account's (`X-Limit: account`), only that person waits: a school may stand behind the
    address. Other requests that wait for the same slow work (`also`, under the same method) use the lane's threads and
    are never refused by it.
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
        self._inside: Counter[str] = Counter()
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
        address, person = _address(scope), _person(scope, body)
        seconds = max(self._shut_until.get(whose, 0.0) for whose in (address, person)) - _now()
        if seconds > 0:
            return self._refuse(scope, body, 429, int(seconds) + 1)
        if self._inside[person] >= OF_ONE_PERSON:
            return self._refuse(scope, body, 429, 1)
        if self._inside[_ALL] >= self._room or self._inside[address] >= max(1, int(self._room * SHARE_OF_ADDRESS)):
            return self._refuse(scope, body, 503, retry_after)
        return None

    async def inside(self, scope: Mapping[str, Any], person: str, work: Awaitable[T]) -> T:
        """Count a request of this person (`person_of`) while it waits and works."""
        holders = (_ALL, _address(scope), person)
        self._inside.update(holders)
        try:
            return await work
        finally:
            self._inside.subtract(holders)
            for holder in holders:
                if not self._inside[holder]:
                    del self._inside[holder]

    def person_of(self, scope: Mapping[str, Any], body: Any) -> str:
        """Who signs in here: the typed login and the address; ask before the body is read by the page."""
        return _person(scope, body)

    def learn(self, scope: Mapping[str, Any], person: str, start: Mapping[str, Any] | None) -> None:
        """Remember an address, or a person, that was told to wait."""
        if start is None or start.get("status") != 429:
            return
        headers = dict(start["headers"])
        whose = person if headers.get(b"x-limit") == b"account" else _address(scope)
        if len(self._shut_until) >= REMEMBERED:
            self._shut_until.clear()
        self._shut_until[whose] = _now() + int(headers.get(b"retry-after", b"") or 1)


_ALL = ""


def _address(scope: Mapping[str, Any]) -> str:
    return str((scope.get("client") or ("",))[0]) or "unknown"


def _person(scope: Mapping[str, Any], body: IO[bytes]) -> str:
    """«address login»; a form that is no plain form of a browser has no login."""
    sent = body.read(LARGEST_FORM)
    body.seek(0)
    try:
        login = parse_qs(sent.decode("ascii"), max_num_fields=20).get("login", [""])[-1]
    except ValueError:
        login = ""
    return f"{_address(scope)} {login[:64].strip().lower()}"


def _now() -> float:
    return asyncio.get_running_loop().time()
