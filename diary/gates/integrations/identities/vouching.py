"""What a provider has said of a person, and how it waits in the session, sealed, until the person has decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.http import HttpRequest

from diary.foundation.core.encryption.notes import read_note, sealed_note
from diary.people.roster.vouched_children import VouchedChild

KEPT = "vouched"
LIVES = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Vouched:
    """A person whom `provider` vouches for. Phone and e-mail are verified there, or empty."""

    provider: str
    subject: str
    last_name: str
    first_name: str
    middle_name: str
    phone: str
    email: str
    children: tuple[VouchedChild, ...] = ()

    @property
    def shown_name(self) -> str:
        """«Иванова Ольга Сергеевна»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.middle_name) if part)


@dataclass(frozen=True)
class Waiting:
    """Somebody who came from a provider and is not known here yet."""

    vouched: Vouched
    next: str


def keep(request: HttpRequest, waiting: Waiting) -> None:
    """Remember in the session until `LIVES` is over. It names a person: the session's row in the database may not."""
    values = {"vouched": asdict(waiting.vouched), "next": waiting.next}
    request.session[KEPT] = sealed_note(KEPT, values, LIVES)


def waiting_in(request: HttpRequest) -> Waiting | None:
    """Who waits in this session; None when nobody does, or it took too long."""
    values = read_note(KEPT, request.session.get(KEPT))
    if values is None:
        return None
    children = tuple(VouchedChild(**child) for child in values["vouched"].pop("children"))
    return Waiting(Vouched(**values["vouched"], children=children), values["next"])


def forget(request: HttpRequest) -> None:
    """It is decided."""
    request.session.pop(KEPT, None)
