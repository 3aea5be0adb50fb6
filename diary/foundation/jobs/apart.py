"""Runs a function in a process of its own with limits of memory and time: for whatever reads a foreign file.

The process has no database, no keys and nothing of the environment: settings are a language and its catalogue. So the
function and all that it imports must do without models.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diary.foundation.core.errors import Refusal

T = TypeVar("T")
Tell = Callable[[int, int, str], None]

SECONDS_BETWEEN_LOOKS = 0.5
EXIT_OUT_OF_MEMORY = 77
SETTINGS = ("LANGUAGE_CODE", "LANGUAGES", "LOCALE_PATHS", "TIME_ZONE", "USE_TZ")


class TooComplex(Refusal):
    """The work was ended because it took more memory or time than it may."""

    status = 413


class Interrupted(Refusal):
    """The process went away in the middle: killed from outside, or a fault of a library."""

    status = 503


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process may take. The wall time is for work that sleeps; a busy machine must not end honest work."""

    memory_mib: int = 512
    cpu_seconds: int = 60
    wall_seconds: int = 240


@dataclass(frozen=True, slots=True)
class Order:
    """What the process is told to do."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    tells: bool
    limits: Limits
    language: str | None


USUAL = Limits()


def run_apart(function: Callable[..., T], *arguments: Any, limits: Limits = USUAL, tell: Tell | None = None) -> T:
    """The result of `function(*arguments)` from a process of its own; with `tell`, of `function(*arguments, tell)`.

    The function is one of a module; arguments and the result are plain values. `tell(done, total, message)` is passed
    on, and called again while the function is silent, so that a request to stop is heard: what it raises ends the
    process. Exceptions come back as they are; TooComplex beyond the limits, Interrupted when the process was killed.
    """
    here, there = Pipe()
    with here:
        with there:
            process = subprocess.Popen(  # noqa: S603 our own module
                [sys.executable, "-m", "diary.foundation.jobs.apart_child", str(there.fileno())],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                env=_bare_environment(),
                start_new_session=True,
            )
        try:
            order = Order(function, arguments, tell is not None, limits, get_language())
            result: T = _listen(here, process, order, tell)
            return result
        finally:
            process.kill()
            process.wait()


def _bare_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _listen(here: Connection[Any, Any], process: subprocess.Popen[bytes], order: Order, tell: Tell | None) -> Any:
    give_up_at = time.monotonic() + order.limits.wall_seconds
    last = (0, 0, "")
    try:
        here.send({name: getattr(settings, name) for name in SETTINGS})
        here.send(order)
        while time.monotonic() < give_up_at:
            if here.poll(SECONDS_BETWEEN_LOOKS):
                word, content = here.recv()
                if word == "result":
                    return content
                if word == "error":
                    raise content
                last = content
            if tell is not None and last[2]:
                tell(*last)
    except (EOFError, ConnectionError):
        process.wait()
        raise _ended(process.returncode) from None
    raise _out_of_time()


def _ended(code: int) -> Refusal:
    if code == EXIT_OUT_OF_MEMORY:
        return TooComplex(
            _("Файл слишком сложный: для чтения не хватает памяти. Разделите файл или уберите из него лишнее.")
        )
    if code == -signal.SIGXCPU:
        return _out_of_time()
    return Interrupted(_("Чтение файла прервалось, ничего не записано. Попробуйте ещё раз."))


def _out_of_time() -> TooComplex:
    return TooComplex(_("Файл слишком сложный: он читается слишком долго. Разделите файл или уберите из него лишнее."))
