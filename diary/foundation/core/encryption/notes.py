"""Sealed notes: personal data that has to wait in a session for a while, whose row in the database may not show it."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from typing import Any

from diary.foundation.core import clock
from diary.foundation.core.encryption.values import DecryptionFailed, Place, seal, unseal

Note = dict[str, str]


def sealed_note(kind: str, values: Any, lives: dt.timedelta) -> Note:
    """These values (anything JSON takes) as a note that opens as this kind of note only, until `lives` is over."""
    ticket = str(uuid.uuid4())
    sealed = seal(json.dumps(values), _place(kind, ticket))
    until = (clock.now() + lives).isoformat()
    return {"ticket": ticket, "until": until, "sealed": base64.b64encode(sealed).decode()}


def read_note(kind: str, note: Note | None) -> Any:
    """What the note says; None when there is none, its time is over, or its key was retired meanwhile."""
    if not note or dt.datetime.fromisoformat(note["until"]) < clock.now():
        return None
    try:
        return json.loads(unseal(base64.b64decode(note["sealed"]), _place(kind, note["ticket"])))
    except DecryptionFailed:
        return None


def _place(kind: str, ticket: str) -> Place:
    return Place("session", kind, 0, ticket)
