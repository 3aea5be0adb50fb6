"""Topics of the live stream: names that pages listen to, and the word that something changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.core import signing
from django.db import connection
from django.utils.crypto import salted_hmac

from diary.foundation.access.actor import Actor
from diary.foundation.core import clock

CHANNEL = "diary_live"
PERSON = "person"
SALT = "live"
MAX_AGE = 14 * 3600  # seconds: a page left open overnight asks for a new one by loading itself again
MAX_PAYLOAD = 7000  # bytes; PostgreSQL takes 8,000


def topic(kind: str, school_id: int, thing_id: uuid.UUID | str) -> str:
    """«student:1:0198…»: a kind, a school, a row."""
    return f"{kind}:{school_id}:{thing_id}"


def person_topic(user_id: int) -> str:
    """«person:0:42»: what concerns one person, in whichever school."""
    return f"{PERSON}:0:{user_id}"


def publish(topics: Iterable[str]) -> None:
    """Tell every server process, at commit, that these topics changed. No personal data travels."""
    parcel: list[str] = []
    size = 0
    with connection.cursor() as cursor:
        for name in (*dict.fromkeys(topics), None):
            if name is None or size + len(name) > MAX_PAYLOAD:
                if parcel:
                    cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, " ".join(parcel)])
                parcel, size = [], 0
            if name is not None:
                parcel.append(name)
                size += len(name) + 1


def session_trace(session_key: str) -> str:
    """What a pass knows its session by. The pass stands in pages and addresses: the key itself may not."""
    return salted_hmac("diary live session", session_key, algorithm="sha256").hexdigest()


def live_token(actor: Actor, session_key: str | None, topics: Sequence[str]) -> str:
    """A signed pass to these topics for the page that has just been checked. Dies with the session."""
    trace = session_trace(session_key or "")
    content = {"u": actor.user_id, "s": trace, "t": list(topics), "i": clock.now().timestamp()}
    return signing.dumps(content, salt=SALT, compress=True)


class Pass(NamedTuple):
    """Who may listen to what: user, session, topics, and the moment (seconds) at which the page was made."""

    user_id: int
    session_trace: str
    topics: list[str]
    issued_at: float


class BadToken(Exception):
    """The pass is forged or too old."""


def read_token(token: str) -> Pass:
    """The pass as it was signed; raises BadToken."""
    try:
        content = signing.loads(token, salt=SALT, max_age=MAX_AGE)
        return Pass(content["u"], content["s"], content["t"], content["i"])
    except (signing.BadSignature, KeyError, TypeError) as error:
        raise BadToken from error
