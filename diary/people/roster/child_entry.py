"""A browser that is a child's device: its cookie, and the session that it begins (A16)."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse

from diary.people.door.sessions.browsers import BROWSER, BY_DEVICE
from diary.people.door.signing_in.entering import Entering, come_in
from diary.people.roster.models import ChildDevice
from diary.people.roster.queries.devices import find_device
from diary.people.roster.revocation import end_session_of

COOKIE = "child_device"
KEPT_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie


def device_here(request: HttpRequest) -> ChildDevice | None:
    """The device of this browser, taken back or not."""
    return find_device(request.COOKIES.get(COOKIE, ""))


def keep_device(request: HttpRequest, answer: HttpResponse, secret: str) -> None:
    """From now on this browser is the device."""
    answer.set_cookie(COOKIE, secret, max_age=KEPT_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax")


def begin_session(request: HttpRequest, device: ChildDevice) -> None:
    """Sign the child in, in the transaction that holds the device's row: taking the device back finds this session.

    With a PIN the session ends with the browser; the session that the device had before ends now.
    """
    device.refresh_from_db(fields=["session_handle"])
    end_session_of(device)
    come_in(request, Entering(device.user, "/"))
    request.session[BY_DEVICE] = True
    if device.has_pin:
        request.session.set_expiry(0)
    request.session.save()
    device.session_handle = uuid.UUID(request.session[BROWSER]["handle"])
    device.save(update_fields=["session_handle"])
