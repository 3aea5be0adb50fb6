"""Sign-ins from devices never seen before, told to the owner at the next visit from a device that is known (A8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Max, Min
from django.utils import formats
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.models import SignInRecord

KEY = "new_devices"
TOLD_AT_MOST = 3


def remember_new_devices(session: Any, user: User, device: str) -> None:
    """Put into the session what has come in for the first time since `device` was here last; before this sign-in is
    recorded. A device that is new itself is told nothing: the letter to the owner does that."""
    signed_in = SignInRecord.objects.filter(user_id=user.id, result=SignInRecord.Result.SIGNED_IN)
    here_last = signed_in.filter(device=device).aggregate(at=Max("at"))["at"]
    if here_last is None:
        return
    new = signed_in.values("device").annotate(first=Min("at")).filter(first__gt=here_last).order_by("first")
    found = [[one["device"], one["first"].isoformat()] for one in new[:TOLD_AT_MOST]]
    if found:
        session[KEY] = found


def devices_to_tell_of(session: Any, zone: str) -> list[str]:
    """«Firefox, Linux, 14 октября 12:05», by the clock of that zone."""
    return [
        _("%(device)s, %(when)s") % {"device": device or _("неизвестное устройство"), "when": _moment(at, zone)}
        for device, at in session.get(KEY, ())
    ]


def forget_devices(session: Any) -> None:
    """The owner has seen it."""
    session.pop(KEY, None)


def _moment(at: str, zone: str) -> str:
    return formats.date_format(clock.local(dt.datetime.fromisoformat(at), zone), "j E H:i")
