"""The process of `apart`: takes an order from its pipe, limits itself, works, answers, ends."""

from __future__ import annotations

import os
import pickle
import resource
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from typing import Any

import django
from django.conf import settings
from django.utils import translation

from diary.foundation.jobs.apart import EXIT_OUT_OF_MEMORY, Limits, Order

MEBIBYTE = 1024 * 1024


def main() -> None:
    pipe: Connection[Any, Any] = Connection(int(sys.argv[1]))
    settings.configure(INSTALLED_APPS=[], DATABASES={}, **pipe.recv())
    django.setup()
    order: Order = pipe.recv()
    limit(order.limits)
    threading.Thread(target=end_with_parent, args=[pipe], daemon=True).start()
    try:
        answer = ("result", worked(order, pipe))
        pipe.send(answer)
    except MemoryError:
        os._exit(EXIT_OUT_OF_MEMORY)
    except BaseException as error:  # noqa: BLE001 raised again by whoever waits
        pipe.send(("error", carried(error)))
    os._exit(0)


def limit(limits: Limits) -> None:
    """Beyond these an allocation fails (memory) or the kernel ends the process (time). No core is left behind."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_mib * MEBIBYTE, limits.memory_mib * MEBIBYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))


def end_with_parent(pipe: Connection[Any, Any]) -> None:
    """The other end says nothing more: when something comes, it is its end."""
    try:
        pipe.recv()
    finally:
        os._exit(1)


def worked(order: Order, pipe: Connection[Any, Any]) -> Any:
    """What the function gives back, in the language of whoever waits."""

    def tell(done: int, total: int, message: str) -> None:
        pipe.send(("progress", (done, total, message)))

    with translation.override(order.language):
        return order.function(*order.arguments, *([tell] if order.tells else []))


def carried(error: BaseException) -> BaseException:
    """The exception as it is, with its way through the code; in words where it cannot travel."""
    way = traceback.format_exc()
    try:
        again: BaseException = pickle.loads(pickle.dumps(error))  # noqa: S301 our own bytes
    except Exception:  # noqa: BLE001 an exception may break in any way here
        again = RuntimeError(f"{type(error).__name__}: {error}")
    again.add_note(way)
    return again


if __name__ == "__main__":
    main()
