"""Password hashes are slow on purpose: they are computed in one thread that gives way to every page.

argon2 lets go of the interpreter while it works, and on Linux each thread has a niceness of its own. So a crowd at the
door waits for its turn while pages of those inside are made as ever (docs/decisions/0010).
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from typing import Any, TypeVar

from django.contrib.auth import hashers
from django.utils.translation import gettext as _

from diary.foundation.core.errors import Refusal

WAITING_AT_MOST = 12
PATIENCE = 20.0  # seconds; a hash takes about 0.15
LOWEST_PRIORITY = 19
RETRY_AFTER = 5  # seconds

T = TypeVar("T")


class TunedArgon2(hashers.Argon2PasswordHasher):
    """argon2id with one lane of 64 MiB, three passes: 0.15 s on the machine where it was tuned."""

    time_cost = 3
    memory_cost = 65_536
    parallelism = 1


class Busy(Refusal):
    """Too many people are at the door."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _("Сейчас входит очень много людей. Подождите несколько секунд и попробуйте ещё раз."),
            retry_after=RETRY_AFTER,
        )


class HashingThread:
    """Carries out work one by one at the lowest priority."""

    def __init__(self, waiting_at_most: int = WAITING_AT_MOST) -> None:
        self._queue: queue.Queue[tuple[Future[Any], Callable[[], Any]]] = queue.Queue(waiting_at_most)
        threading.Thread(target=self._work, name="hashing", daemon=True).start()

    def __call__(self, work: Callable[[], T]) -> T:
        """The result of `work`, which must not touch the database. Raises Busy when the queue is full or stuck."""
        done: Future[T] = Future()
        try:
            self._queue.put_nowait((done, work))
            return done.result(PATIENCE)
        except (queue.Full, TimeoutError):
            done.cancel()
            raise Busy from None

    def _work(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
        while True:
            done, work = self._queue.get()
            if not done.set_running_or_notify_cancel():
                continue
            try:
                done.set_result(work())
            except BaseException as problem:  # noqa: BLE001 (belongs to who waits)
                done.set_exception(problem)


@cache
def _thread() -> HashingThread:
    return HashingThread()


def is_right_password(password: str, encoded: str | None) -> tuple[bool, bool]:
    """Whether the password fits its hash, and whether the hash should be made anew.

    None (nobody has this login) costs the same time and fits nothing.
    """
    if encoded is None or not hashers.is_password_usable(encoded):
        _thread()(lambda: hashers.make_password(password))
        return False, False
    return _thread()(lambda: hashers.verify_password(password, encoded))


def hash_password(password: str) -> str:
    """The hash of a new password."""
    return _thread()(lambda: hashers.make_password(password))
