"""The mark that `make run` is running here: a file that the running process keeps locked, with its id and address."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

from start.checkout import RUN, open_folder

_FILE = RUN / "run.pid"


@dataclass(frozen=True)
class Running:
    pid: int
    address: str


class AlreadyRunning(Exception):
    """Another `make run` of this checkout is alive."""


@contextlib.contextmanager
def only_here(address: str) -> Iterator[None]:
    """Hold the mark for the length of a block."""
    open_folder(RUN)
    with _FILE.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "address": address}))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def running() -> Running | None:
    """Who holds the mark. The lock goes with its process, so a number left behind is never taken for ours."""
    if not _FILE.exists():
        return None
    with _FILE.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Running(**json.loads(file.read() or '{"pid": 0, "address": ""}'))
    return None
