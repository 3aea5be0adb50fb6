"""What a session remembers of its browser: address, device, when it was last seen, when a second factor was proved."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from diary.foundation.core import clock
from diary.people.door.models import Session
from diary.people.door.rules.devices import Device, device_of

FACTOR_AT, BROWSER, BY_DEVICE = "factor_at", "browser", "by_device"
SEEN_EVERY = dt.timedelta(minutes=10)


def ip_of(request: HttpRequest) -> str | None:
    """The address the request came from. Behind a proxy the server itself puts the client's address here."""
    return request.META.get("REMOTE_ADDR") or None


def device_in(request: HttpRequest) -> Device:
    """The device in words."""
    return device_of(request.headers.get("User-Agent", ""))


def describe_browser(request: HttpRequest) -> None:
    """Put the browser into its session; the store copies it to the columns that lists of sessions show."""
    device = device_in(request)
    request.session[BROWSER] = {
        "handle": str(uuid.uuid4()),
        "created_at": clock.now().isoformat(),
        "ip": ip_of(request),
        "device": device.name,
        "device_kind": device.kind,
    }


def prove_factor(session: Any) -> None:
    """A second factor was proved in this session now."""
    session[FACTOR_AT] = clock.now().isoformat()


def factor_at(session: Any) -> dt.datetime | None:
    """When a second factor was last proved in this session."""
    written = session.get(FACTOR_AT)
    return dt.datetime.fromisoformat(written) if written else None


def browser_columns(content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a session's row that come from its content."""
    proved_at = content.get(FACTOR_AT)
    columns: dict[str, Any] = {"factor_at": dt.datetime.fromisoformat(proved_at) if proved_at else None}
    columns.update(content.get(BROWSER, {}))
    return columns


def note_visit(session: Any) -> None:
    """Write that the browser was here, at most every ten minutes."""
    now = clock.now()
    if session.last_seen_at is not None and now - session.last_seen_at >= SEEN_EVERY:
        Session.objects.with_secret(session.session_key).update(last_seen_at=now)
        session.last_seen_at = now
