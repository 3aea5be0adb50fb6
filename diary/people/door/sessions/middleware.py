"""Puts the actor on every request: who signed in, with which roles, from where."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from diary.foundation.access.actor import ANONYMOUS
from diary.people.accounts.models import User
from diary.people.door.sessions.browsers import BY_DEVICE, factor_at, ip_of, note_visit


class ActorMiddleware:
    """Sets `request.actor` and, for Django's own code, `request.user`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request.session, "user", None) if request.session.get(SESSION_KEY) else None
        if user is not None and not _is_current(request, user):
            request.session.flush()
            user = None
        request.user = user or AnonymousUser()
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
        if user is not None:
            note_visit(request.session)
            is_device = BY_DEVICE in request.session
            actor = user.as_actor(ip_of(request), factor_at=factor_at(request.session), is_device=is_device)
            request.actor = actor  # type: ignore[attr-defined]
        return self.get_response(request)


def _is_current(request: HttpRequest, user: User) -> bool:
    """Whether the password is still the one the session was opened with."""
    return constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
