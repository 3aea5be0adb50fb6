"""Writes that outlive the failure of the page around them.

A page is one transaction, so an error takes back whatever it wrote. What counts guesses must not be taken back: whoever
can make a page fail after a wrong guess, and not after a right one, could guess for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

_written: ContextVar[list[Callable[[], object]] | None] = ContextVar("lasting_writes", default=None)


def lasting(write: Callable[[], T]) -> T:
    """The result of `write`; it is done once more if the transaction of the page around it is undone."""
    result = write()
    written = _written.get()
    if written is not None:
        written.append(write)
    return result


@contextmanager
def lasting_writes() -> Iterator[None]:
    """Outside a page's transaction: after an exception has undone it, lasting writes are done again and stay."""
    written: list[Callable[[], object]] = []
    token = _written.set(written)
    try:
        yield
    except BaseException:
        _written.set(None)
        for write in written:
            write()
        raise
    finally:
        _written.reset(token)
