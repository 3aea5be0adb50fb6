"""What the tests let run apart: honest, greedy, endless, broken."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from diary.foundation.core.errors import BadInput


class Unportable(Exception):
    """Cannot be made again from its arguments."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def doubled(values: list[int]) -> list[int]:
    return [2 * value for value in values]


def counting(total: int, tell: Callable[[int, int, str], None]) -> int:
    for done in range(total):
        tell(done, total, f"Строка {done}")
    return total


def silent(tell: Callable[[int, int, str], None]) -> None:
    tell(0, 0, "Читаю")
    time.sleep(600)


def eat_memory() -> int:
    return len([bytearray(1024 * 1024) for _ in range(4096)])


def run_for_ever() -> None:
    while True:
        pass


def sleep_for_ever() -> None:
    time.sleep(600)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def mistake() -> None:
    raise ZeroDivisionError("по нулю")


def unportable() -> None:
    raise Unportable("раз", "два")


def refuse() -> None:
    raise BadInput("В файле нет ни одной строки.", row=7)


def sentence() -> str:
    return _("Читаю файлы")


def what_is_known() -> dict[str, object]:
    try:
        connection.cursor()
    except Exception as error:  # noqa: BLE001 whatever it is, it is not the database
        reached = type(error).__name__
    else:
        reached = "the database"
    return {"environment": sorted(os.environ), "key": settings._wrapped.__dict__.get("SECRET_KEY"), "reached": reached}


def mark_and_sleep(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    time.sleep(600)
