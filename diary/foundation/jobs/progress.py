"""Carries out a task and says how far it is: over a connection of its own, so that open transactions hide nothing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.foundation.core.errors import Refusal
from diary.foundation.jobs.retrying import DATABASE_LOST, StillAtIt

SECONDS_BETWEEN_WORDS = 0.4

# `running`: the worker that had it was killed, for `carry_out` holds the task's lock
_CLAIM = (
    "UPDATE jobs_task SET state = 'running', started_at = coalesce(started_at, %s), beat_at = %s"
    " WHERE school_id = %s AND id = %s AND state IN ('waiting', 'running') RETURNING stop_asked"
)
_TELL = (
    "UPDATE jobs_task SET done = %s, total = %s, message = %s, beat_at = %s"
    " WHERE school_id = %s AND id = %s RETURNING stop_asked"
)
_FINISH = (
    "UPDATE jobs_task SET state = %s, message = %s, finished_at = %s, beat_at = %s,"
    " done = CASE WHEN %s = 'done' THEN total ELSE done END WHERE school_id = %s AND id = %s RETURNING id"
)


class Stopped(Exception):
    """Somebody pressed «Остановить»: the work must leave nothing behind."""


class Progress:
    """Tells how far a task is. Calling it raises Stopped when somebody asked the task to stop."""

    def __init__(self, own: BaseDatabaseWrapper, school_id: int, task_id: uuid.UUID) -> None:
        self._own = own
        self._key = (school_id, task_id)
        self._told_at = 0.0
        self._message = ""

    def __call__(self, done: int, total: int, message: str) -> None:
        """`done` of `total` units (0 = nobody knows); `message` is a sentence for the person who waits."""
        is_soon = time.monotonic() - self._told_at < SECONDS_BETWEEN_WORDS
        if is_soon and message == self._message and done < total:
            return
        self._told_at, self._message = time.monotonic(), message
        answer = self._execute(_TELL, done, total, message, clock.now())
        if answer is None or answer[0]:
            raise Stopped

    def claim(self) -> bool:
        """Take the task, or take it up again; False when it has ended or somebody wants it to stop."""
        answer = self._execute(_CLAIM, clock.now(), clock.now())
        if answer is None:
            return False
        if answer[0]:
            self.finish("stopped")
        return not answer[0]

    def finish(self, state: str, message: str = "") -> None:
        """Say how it ended."""
        self._execute(_FINISH, state, message, clock.now(), clock.now(), state)

    def _execute(self, statement: str, *values: Any) -> Any:
        """A transaction for each statement: the scope of the school holds inside one only (Citus, pgbouncer)."""
        self._own.ensure_connection()
        with self._own.connection.transaction(), self._own.cursor() as cursor:
            scoped(cursor, self._key[0])
            cursor.execute(statement, [*values, *self._key])
            return cursor.fetchone()


def carry_out(school_id: int, task_id: uuid.UUID, work: Callable[[Progress], str | None]) -> None:
    """Run `work` as this task and note how it ended. A Refusal is told to the person; any other error is raised again.

    What `work` writes and the word that it is done are one transaction: whatever ends it early leaves nothing
    half-written, and a worker that is killed leaves either all or a task that the next one takes up. The words that
    `work` gives back stay on the finished task.
    """
    with _own_connection() as own:
        progress = Progress(own, school_id, task_id)
        try:
            with transaction.atomic():
                if not _is_nobody_elses(task_id):
                    raise StillAtIt
                if progress.claim():
                    _finish_here(school_id, task_id, work(progress) or "")
        except Stopped:
            progress.finish("stopped")
        except Refusal as refusal:
            progress.finish("failed", refusal.sentence)
        except (*DATABASE_LOST, StillAtIt):
            raise  # the job comes back
        except BaseException:
            progress.finish(
                "failed", _("Произошла ошибка, ничего не записано. Попробуйте ещё раз или напишите в поддержку.")
            )
            raise


def scoped(cursor: Any, school_id: int) -> None:
    """The school in scope until the present transaction ends. (`access.scope` stands above this room.)"""
    cursor.execute(f"SET LOCAL app.school_ids = '{int(school_id)}'")


def _is_nobody_elses(task_id: uuid.UUID) -> bool:
    """Whether no living transaction works on the task; until the present one ends, it alone does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(task_id.bytes[8:], signed=True)])
        return bool(cursor.fetchone()[0])


def _finish_here(school_id: int, task_id: uuid.UUID, message: str) -> None:
    with connection.cursor() as cursor:
        scoped(cursor, school_id)
        cursor.execute(_FINISH, ["done", message, clock.now(), clock.now(), "done", school_id, task_id])


@contextmanager
def _own_connection() -> Iterator[BaseDatabaseWrapper]:
    """A second connection in autocommit; closed at the end."""
    own = connection.copy()
    try:
        yield own
    finally:
        own.close()
