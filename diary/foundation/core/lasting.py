"""Writes that outlive the failure of the page around them.

A page is one transaction, so an error takes back whatever it wrote. What counts guesses must not be taken back: whoever
can make a page fail after a wrong guess, and not after a right one, could guess for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
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


@dataclass(slots=True)
class Page:
    """The page around; `is_undone` when its transaction will be taken back although no exception leaves it."""

    is_undone: bool = False


@contextmanager
def lasting_writes() -> Iterator[Page]:
    """Outside a page's transaction: after that was undone, lasting writes are done again and stay."""
    written: list[Callable[[], object]] = []
    token = _written.set(written)
    page = Page()
    try:
        yield page
    except BaseException:
        page.is_undone = True
        raise
    finally:
        _written.reset(token)
        for write in written if page.is_undone else ():
            write()
