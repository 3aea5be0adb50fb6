"""What a provider has said of a person, and how it waits in the session, sealed, until the person has decided."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from dataclasses import asdict, dataclass

from django.http import HttpRequest

from diary.foundation.core import clock
from diary.foundation.core.encryption import DecryptionFailed
from diary.foundation.core.encryption.values import Place, seal, unseal

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
    ticket = str(uuid.uuid4())
    sealed = seal(json.dumps({"vouched": asdict(waiting.vouched), "next": waiting.next}), _place(ticket))
    until = (clock.now() + LIVES).isoformat()
    request.session[KEPT] = {"ticket": ticket, "until": until, "sealed": base64.b64encode(sealed).decode()}


def waiting_in(request: HttpRequest) -> Waiting | None:
    """Who waits in this session; None when nobody does, or it took too long."""
    kept = request.session.get(KEPT)
    if not kept or dt.datetime.fromisoformat(kept["until"]) < clock.now():
        return None
    try:
        values = json.loads(unseal(base64.b64decode(kept["sealed"]), _place(kept["ticket"])))
    except DecryptionFailed:  # its key was retired meanwhile
        return None
    return Waiting(Vouched(**values["vouched"]), values["next"])


def forget(request: HttpRequest) -> None:
    """It is decided."""
    request.session.pop(KEPT, None)


def _place(ticket: str) -> Place:
    return Place("session", KEPT, 0, ticket)
