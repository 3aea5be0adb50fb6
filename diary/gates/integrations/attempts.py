"""A person's way to an identity provider and back: once, in the same browser, within ten minutes."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.foundation.core.errors import Refusal
from diary.foundation.ui.addresses import local_address

LIVES = dt.timedelta(minutes=10)
KEPT = "sign_in_attempts"
MOST = 3  # tabs in which a person may have begun at once


class AttemptLost(Refusal):
    """The return does not belong to an entry that this browser began just now."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Войти не получилось: вход начат в другом браузере, прошло больше 10 минут или ссылка уже использована."
                " Начните вход заново."
            )
        )


@dataclass(frozen=True)
class Attempt:
    """What was remembered when the person set out: where to go afterwards, and the provider's secrets."""

    state: str
    next: str
    secrets: dict[str, str]


def begin(request: HttpRequest, provider: str, **secrets: str) -> str:
    """Remember in the browser's session that it goes to `provider`; returns the state that must come back (a UUID)."""
    state = str(uuid.uuid4())
    attempt = {
        "state": state,
        "provider": provider,
        "until": (clock.now() + LIVES).isoformat(),
        "next": local_address(request, request.GET.get("next")) or "",
        "secrets": secrets,
    }
    request.session[KEPT] = [*_kept(request), attempt][-MOST:]
    return state


def finish(request: HttpRequest, provider: str, state: str) -> Attempt:
    """The attempt that this return ends; it is gone from the session at once. Raises AttemptLost."""
    found = [attempt for attempt in _kept(request) if constant_time_compare(attempt["state"], state)]
    if not found or found[0]["provider"] != provider:
        raise AttemptLost
    request.session[KEPT] = [attempt for attempt in _kept(request) if attempt is not found[0]]
    if dt.datetime.fromisoformat(found[0]["until"]) < clock.now():
        raise AttemptLost
    return Attempt(state, found[0]["next"], found[0]["secrets"])


def _kept(request: HttpRequest) -> list[dict[str, Any]]:
    return list(request.session.get(KEPT, []))
