"""One LISTEN connection a process, fanned out to the streams of open pages."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Iterable

import psycopg
from django.db import connection

from diary.foundation.core import clock
from diary.foundation.live.topics import CHANNEL

RECENT = 10_000  # topics whose last change is remembered
logger = logging.getLogger(__name__)


class Stream:
    """One open page: the topics it listens to, and those that changed since it was last told."""

    def __init__(self, user_id: int, topics: Iterable[str]) -> None:
        self.user_id = user_id
        self.topics = frozenset(topics)
        self._changed: set[str] = set()
        self._awake = asyncio.Event()

    def tell(self, topics: Iterable[str]) -> None:
        """Some of its topics changed. Changes that pile up melt into one: the page reads the present state anyway."""
        self._changed.update(topics)
        self._awake.set()

    async def wait(self, seconds: float) -> set[str]:
        """The changed topics; empty when nothing happened for that long."""
        try:
            await asyncio.wait_for(self._awake.wait(), seconds)
        except TimeoutError:
            return set()
        changed, self._changed = self._changed, set()
        self._awake.clear()
        return changed


class Hub:
    """All streams of this process."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Stream]] = {}
        self._per_user: Counter[int] = Counter()
        self._listener: asyncio.Task[None] | None = None
        self._recent: OrderedDict[str, float] = OrderedDict()  # topic → when it last changed
        self._heard_since = float("inf")  # nothing older than this is known here

    def streams_of(self, user_id: int) -> int:
        """How many streams this person has open here."""
        return self._per_user[user_id]

    def join(self, stream: Stream, *, since: float) -> None:
        """Start telling this stream; the first one starts the listener.

        What changed after `since` (seconds; when the page was made) is told at once, so that nothing falls between
        the page and its stream. A process that has not listened for so long says «look again».
        """
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        for name in stream.topics:
            self._by_topic.setdefault(name, set()).add(stream)
            if since < self._heard_since or self._recent.get(name, 0) >= since:
                stream.tell((name,))
        self._per_user[stream.user_id] += 1

    def leave(self, stream: Stream) -> None:
        """Stop telling this stream."""
        for name in stream.topics:
            listeners = self._by_topic.get(name, set())
            listeners.discard(stream)
            if not listeners:
                self._by_topic.pop(name, None)
        self._per_user[stream.user_id] -= 1
        if self._per_user[stream.user_id] <= 0:
            del self._per_user[stream.user_id]

    def _tell(self, topics: Iterable[str]) -> None:
        now = clock.now().timestamp()
        for name in topics:
            self._recent[name] = now
            self._recent.move_to_end(name)
            for stream in self._by_topic.get(name, ()):
                stream.tell((name,))

        while len(self._recent) > RECENT:
            _name, self._heard_since = self._recent.popitem(last=False)

    def _forget(self) -> None:
        """The listener is new: what came before it is unknown."""
        self._recent.clear()
        self._heard_since = clock.now().timestamp()

    async def _listen(self) -> None:
        """Listen for ever. After a lost connection everybody is told to look again: something may have been missed."""
        pause = 0.5
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **connection.get_connection_params() | {"cursor_factory": None}, autocommit=True
                ) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self._forget()
                    self._tell(list(self._by_topic))
                    pause = 0.5
                    async for notice in listening.notifies():
                        self._tell(notice.payload.split())
            except psycopg.Error as error:
                logger.warning("live: lost the database (%s), trying again in %.1f s", error, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 15)
