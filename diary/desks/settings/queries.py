"""What a person sees of the own account: factors, sessions, the journal of sign-ins."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from diary.desks.settings.rules import Page, Place, as_page, page_bounds, place_of_ip
from diary.desks.settings.wording import (
    FACTOR_ICONS,
    FACTOR_TITLES,
    RESULTS,
    WAYS,
    Text,
    device_words,
)
from diary.foundation.post.channels import channel_for
from diary.people.accounts.models import User
from diary.people.door.models import Factor, SignInRecord, stored_key
from diary.people.door.queries import sign_in_lines

SESSIONS_SHOWN = 50
LAST_LINES = 5
CAN_BE_NAMED = (Factor.Kind.TOTP, Factor.Kind.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class FactorLine:
    """A second factor; `detail` is where codes go."""

    id: uuid.UUID
    kind: str
    title: Text
    icon: str
    name: str
    detail: str
    added_at: dt.datetime | None
    last_used_at: dt.datetime | None
    can_be_named: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A browser that is signed in."""

    handle: uuid.UUID
    device: str
    ip: str | None
    place: Place
    since: dt.datetime
    last_seen_at: dt.datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class SignInLine:
    """A line of the journal of sign-ins."""

    at: dt.datetime
    device: str
    ip: str | None
    result: Text
    kind: str
    way: Text


def factor_lines(user: User) -> list[FactorLine]:
    """Second factors that count, in the order they were added. One statement."""
    details: dict[str, str] = {Factor.Kind.SMS: user.masked_phone, Factor.Kind.EMAIL: user.masked_email}
    return [
        FactorLine(
            id=one.id,
            kind=one.kind,
            title=FACTOR_TITLES[one.kind],
            icon=FACTOR_ICONS.get(one.kind, "lock"),
            name=one.name,
            detail=details.get(one.kind, ""),
            added_at=one.confirmed_at,
            last_used_at=one.last_used_at,
            can_be_named=one.kind in CAN_BE_NAMED,
        )
        for one in user.factors.ready().order_by("confirmed_at", "id")
    ]


def messages_to_add(user: User, factors: Sequence[FactorLine]) -> list[str]:
    """Kinds of message whose codes the person could add as a factor: the address is confirmed, the machine can send."""
    confirmed = {Factor.Kind.SMS: user.phone_confirmed_at, Factor.Kind.EMAIL: user.email_confirmed_at}
    have = {one.kind for one in factors}
    return [kind.value for kind, at in confirmed.items() if at and kind not in have and channel_for(kind.value)]


def session_lines(user: User, key: str, ip: str | None) -> list[SessionLine]:
    """Browsers that are signed in: this one first. `key` and `ip` are the reader's. One statement."""
    rows = user.sessions.alive().order_by("-last_seen_at", "-created_at")[:SESSIONS_SHOWN]
    lines = [
        SessionLine(
            handle=one.handle,
            device=device_words(one.device, one.device_kind),
            ip=one.ip,
            place=place_of_ip(one.ip, ip),
            since=one.created_at,
            last_seen_at=one.last_seen_at,
            is_this=one.session_key == stored_key(key),
        )
        for one in rows
    ]
    return sorted(lines, key=lambda line: not line.is_this)


def last_sign_ins(user: User) -> list[SignInLine]:
    """The latest lines of the journal. One statement."""
    return [_line(one) for one in sign_in_lines(user)[:LAST_LINES]]


def sign_in_page(user: User, result: str, number: int) -> Page[SignInLine]:
    """A page of the journal, of this result alone where one is given. One statement."""
    rows = sign_in_lines(user)
    if result:
        rows = rows.filter(result=result)
    return as_page([_line(one) for one in rows[page_bounds(number)]], number)


def _line(one: SignInRecord) -> SignInLine:
    words, kind = RESULTS[one.result]
    return SignInLine(one.at, device_words(one.device, one.device_kind), one.ip, words, kind, WAYS.get(one.factor, ""))
