"""What the pages of the door share: the way back, the outbox of the demo, refusals shown on the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from diary.foundation.core.errors import Refusal
from diary.foundation.ui.addresses import local_address
from diary.people.door.codes import seconds_to_resend, waiting_code
from diary.people.door.models import OneTimeCode


def way_back(request: HttpRequest) -> str:
    """Where to go afterwards: only an address of this site."""
    wanted = request.POST.get("next") or request.GET.get("next")
    return local_address(request, wanted) or str(settings.LOGIN_REDIRECT_URL)


def door_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of the door. A refusal is said on the page, which keeps what was typed."""
    outbox = reverse("post:outbox") if settings.MESSAGE_OUTBOX else ""
    said = {"outbox_url": outbox, "problem": refusal.sentence if refusal else ""}
    answer = render(request, template, {**said, **context}, status=refusal.status if refusal else status)
    if refusal and "retry_after" in refusal.extra:
        answer["Retry-After"] = str(refusal.extra["retry_after"])
    if getattr(refusal, "is_of_account", False):
        answer["X-Limit"] = "account"  # the lane of the door shuts this person out, not the address
    return answer


def code_of(request: HttpRequest, purpose: str) -> OneTimeCode | None:
    """The code that this session waits for."""
    key = request.session.session_key
    return waiting_code(key, purpose) if key else None


def code_context(code: OneTimeCode | None) -> dict[str, Any]:
    """What a page that asks for a code says of it."""
    return {"is_sent": code is not None, "resend_in": seconds_to_resend(code)}
