"""What these pages share: the person, codes on their way, refusals said on the page itself."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from diary.foundation.access.doors import ActorRequest, has_factor, to_second_factor
from diary.foundation.core.errors import Refusal
from diary.foundation.ui.addresses import local_address
from diary.people.accounts.models import User
from diary.people.door.codes import Asker, seconds_to_resend, waiting_code
from diary.people.door.models import OneTimeCode
from diary.people.door.sessions.browsers import ip_of
from diary.people.door.signing_in.entering import has_ready_factor

View = Callable[..., HttpResponse]


def person(request: ActorRequest) -> User:
    """Who has signed in."""
    assert isinstance(request.user, User)
    return request.user


def session_key(request: ActorRequest) -> str:
    """The key that codes are bound to."""
    return request.session.session_key or ""


def asker(request: ActorRequest) -> Asker:
    """Who asks for a code: somebody who is in."""
    return Asker(session_key(request), ip_of(request), is_known=True)


def code_of(request: ActorRequest, purpose: str) -> OneTimeCode | None:
    """The code that this session waits for."""
    return waiting_code(session_key(request), purpose)


def own_page(
    request: ActorRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    refusal: Refusal | None = None,
    code: OneTimeCode | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page that says a refusal itself and keeps what was typed."""
    said = {
        "user": request.user,
        "problem": refusal.sentence if refusal else "",
        "resend_in": seconds_to_resend(code),
        "outbox_url": reverse("post:outbox") if settings.MESSAGE_OUTBOX else "",
    }
    answer = render(request, template, {**said, **context}, status=refusal.status if refusal else status)
    if refusal and "retry_after" in refusal.extra:
        answer["Retry-After"] = str(refusal.extra["retry_after"])
    return answer


def proved_lately(view: View) -> View:
    """«Безопасность» of who has a second factor opens after a proof of the last 15 minutes (A5).

    What has to work without the phone stays open: ending sessions, and the page of the lost phone.
    """

    @functools.wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_factor(request.actor, fresh=True) and has_ready_factor(person(request)):
            return to_second_factor(request)
        return view(request, *args, **kwargs)

    return guarded


def back_to(request: ActorRequest, url_name: str) -> HttpResponse:
    """Where the form says, within this site; else the page of this name."""
    return HttpResponseRedirect(local_address(request, request.POST.get("next")) or reverse(url_name))
