"""When contacts are looked at again, where an address of the network lies, which lines stand on a page."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

RECHECK_AFTER = dt.timedelta(days=183)  # A12: every six months
LINES_ON_PAGE = 30
T = TypeVar("T")


class Place(StrEnum):
    """What can be told of a network address without asking anybody."""

    HERE = "here"
    LOCAL = "local"
    OUTSIDE = "outside"


def is_recheck_due(now: dt.datetime, checked_at: dt.datetime | None, created_at: dt.datetime) -> bool:
    """Whether the person should be asked if phone, e-mail and address are still right."""
    return now - (checked_at or created_at) >= RECHECK_AFTER


def place_of_ip(ip: str | None, mine: str | None) -> Place:
    """Whether the address is the reader's own, one of a home or school network, or any other."""
    if ip is None or ip == mine:
        return Place.HERE if ip else Place.OUTSIDE
    return Place.LOCAL if ipaddress.ip_address(ip).is_private else Place.OUTSIDE


def shown_phone(address: str) -> str:
    """«+79161234567» as people write it, on one line; a mailbox stays as it is."""
    if not re.fullmatch(r"\+7\d{10}", address):
        return address
    return f"+7\N{NO-BREAK SPACE}{address[2:5]}\N{NO-BREAK SPACE}{address[5:8]}-{address[8:10]}-{address[10:]}"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list whose length nobody counts."""

    lines: Sequence[T]
    number: int
    has_next: bool


def page_number(typed: str) -> int:
    """The page asked for; nonsense is the first."""
    return min(max(int(typed), 1), 10_000) if typed.isdecimal() and len(typed) < 6 else 1


def page_bounds(number: int) -> slice:
    """The rows of a page and one more, which tells whether another page follows."""
    start = (number - 1) * LINES_ON_PAGE
    return slice(start, start + LINES_ON_PAGE + 1)


def as_page(rows: Sequence[T], number: int) -> Page[T]:
    """The page from the rows of `page_bounds`."""
    return Page(rows[:LINES_ON_PAGE], number, len(rows) > LINES_ON_PAGE)
