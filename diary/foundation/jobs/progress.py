"""Carries out a task and says how far it is: over a connection of its own, so that open transactions hide nothing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.foundation.core.errors import Refusal

SECONDS_BETWEEN_WORDS = 0.4

_CLAIM = (
    "UPDATE jobs_task SET state = 'running', started_at = %s, beat_at = %s"
    " WHERE school_id = %s AND id = %s AND state = 'waiting' RETURNING id"
)
_TELL = (
    "UPDATE jobs_task SET done = %s, total = %s, message = %s, beat_at = %s"
    " WHERE school_id = %s AND id = %s RETURNING stop_asked"
)
_FINISH = (
    "UPDATE jobs_task SET state = %s, message = %s, finished_at = %s, beat_at = %s,"
    " done = CASE WHEN %s = 'done' THEN total ELSE done END WHERE school_id = %s AND id = %s"
)


class Stopped(Exception):
    """Somebody pressed «Остановить»: the work must leave nothing behind."""


class Progress:
    """Tells how far a task is. Calling it raises Stopped when somebody asked the task to stop."""

    def __init__(self, cursor: Any, school_id: int, task_id: uuid.UUID) -> None:
        self._cursor = cursor
        self._key = (school_id, task_id)
        self._told_at = 0.0
        self._message = ""

    def __call__(self, done: int, total: int, message: str) -> None:
        """`done` of `total` units (0 = nobody knows); `message` is a sentence for the person who waits."""
        is_soon = time.monotonic() - self._told_at < SECONDS_BETWEEN_WORDS
        if is_soon and message == self._message and done < total:
            return
        self._told_at, self._message = time.monotonic(), message
        self._cursor.execute(_TELL, [done, total, message, clock.now(), *self._key])
        answer = self._cursor.fetchone()
        if answer is None or answer[0]:
            raise Stopped

    def claim(self) -> bool:
        """Take the task; False when it is no longer waiting (stopped before it began, or begun elsewhere)."""
        self._cursor.execute(_CLAIM, [clock.now(), clock.now(), *self._key])
        return self._cursor.fetchone() is not None

    def finish(self, state: str, message: str = "") -> None:
        """Say how it ended."""
        self._cursor.execute(_FINISH, [state, message, clock.now(), clock.now(), state, *self._key])


def carry_out(school_id: int, task_id: uuid.UUID, work: Callable[[Progress], str | None]) -> None:
    """Run `work` as this task and note how it ended. A Refusal is told to the person; any other error is raised again.

    `work` opens its own transaction, so that whatever ends it early leaves nothing half-written. The words it gives
    back stay on the finished task.
    """
    with _own_cursor(school_id) as cursor:
        progress = Progress(cursor, school_id, task_id)
        if not progress.claim():
            return
        try:
            said = work(progress)
        except Stopped:
            progress.finish("stopped")
        except Refusal as refusal:
            progress.finish("failed", refusal.sentence)
        except BaseException:
            progress.finish(
                "failed", _("Произошла ошибка, ничего не записано. Попробуйте ещё раз или напишите в поддержку.")
            )
            raise
        else:
            progress.finish("done", said or "")


@contextmanager
def _own_cursor(school_id: int) -> Iterator[Any]:
    """A second connection in autocommit, with the school in scope; closed at the end."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT set_config('app.school_ids', %s, false)", [str(int(school_id))])
            yield cursor
    finally:
        own.close()
