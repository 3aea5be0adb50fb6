"""The page of an entry that did not work: the sentence, and both ways on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from diary.foundation.core.errors import Refusal
from diary.people.door.signing_in.identity_providers import identity_providers


def not_entered(request: HttpRequest, provider: str, refusal: Refusal) -> HttpResponse:
    """What happened, why, what to do."""
    context = {"sentence": refusal.sentence, "provider": identity_providers.get(provider)}
    return render(request, "identities/not_entered.html", context, status=refusal.status)
