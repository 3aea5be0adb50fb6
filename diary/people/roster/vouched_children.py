"""Children that an identity provider has named: they fill «Добавить ребёнка» in (A10, G4). The school still answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.contrib.sessions.backends.base import SessionBase

from diary.foundation.core.encryption.notes import read_note, sealed_note
from diary.people.door.signing_in.entering import BROUGHT

KIND = "children"
LIVES = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class VouchedChild:
    """A child as the provider knows it. `birth_date` as ISO 8601, `kind` of DocumentKind; what it does not tell is
    empty."""

    last_name: str
    first_name: str
    middle_name: str
    birth_date: str
    kind: str
    series: str
    number: str

    @property
    def shown_name(self) -> str:
        """«Лебедева Мария»."""
        return f"{self.last_name} {self.first_name}"


def remember_children(session: SessionBase, children: Sequence[VouchedChild]) -> None:
    """Keep them sealed in the session for an hour."""
    if children:
        session[BROUGHT] = sealed_note(KIND, [asdict(child) for child in children], LIVES)


def remembered_children(session: SessionBase) -> list[VouchedChild]:
    """Those that this session brought along."""
    return [VouchedChild(**child) for child in read_note(KIND, session.get(BROUGHT)) or ()]
