"""The native async door of files, beside `/events`: a slow reader holds a socket, never a thread of the pages."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from diary.foundation.files.answers import FileAnswer
from diary.foundation.live.stream import Send

STALLED = 30.0  # seconds in which a reader must take the next piece
AT_ONCE = 256  # files on their way in a process
OF_ONE_PERSON = 6
RETRY_AFTER = 10  # seconds

logger = logging.getLogger(__name__)
_reading = ThreadPoolExecutor(max_workers=2, thread_name_prefix="files")


class TooManyFiles(Exception):
    """There is no room for one more file on its way."""


class FileDoor:
    """All files that are leaving this process."""

    def __init__(self, *, at_once: int = AT_ONCE, of_one_person: int = OF_ONE_PERSON, stalled: float = STALLED) -> None:
        self._at_once, self._of_one_person, self._stalled = at_once, of_one_person, stalled
        self._leaving: Counter[int] = Counter()

    @contextmanager
    def place(self, person_id: int) -> Iterator[None]:
        """One file on its way. Raises TooManyFiles."""
        if self._leaving.total() >= self._at_once or self._leaving[person_id] >= self._of_one_person:
            raise TooManyFiles
        self._leaving[person_id] += 1
        try:
            yield
        finally:
            self._leaving[person_id] -= 1
            if not self._leaving[person_id]:
                del self._leaving[person_id]

    async def send(self, answer: FileAnswer, start: Any, send: Send) -> None:
        """Let the file go, piece by piece. Raises TooManyFiles before the first byte.

        A reader that takes nothing for a while, or has gone, is cut off: what it has is visibly short, because the end
        of the answer is never sent.
        """
        loop = asyncio.get_running_loop()
        try:
            with self.place(answer.person_id):
                pieces = iter(answer)
                async with asyncio.timeout(self._stalled):
                    await send(start)
                while piece := await loop.run_in_executor(_reading, _next, pieces):
                    async with asyncio.timeout(self._stalled):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            logger.info("files: a reader took nothing for %.0f s and was cut off", self._stalled)
        finally:
            await loop.run_in_executor(_reading, _close(answer))


def _next(pieces: Iterator[bytes]) -> bytes:
    return next((piece for piece in pieces if piece), b"")


def _close(answer: FileAnswer) -> Callable[[], None]:
    return answer.close
