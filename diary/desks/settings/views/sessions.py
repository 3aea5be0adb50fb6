"""Ending sessions: one, or all the others (A8). It protects and harms nothing, so it asks for no second factor."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diary.desks.settings.views._pages import person, session_key
from diary.foundation.access.doors import ActorRequest, page
from diary.people.door.actions import end_all_sessions, end_session
from diary.people.door.models import stored_key
from diary.people.door.policies import ACCOUNT_OWN


@page(ACCOUNT_OWN)
@require_POST
def end(request: ActorRequest, session_handle: uuid.UUID) -> HttpResponse:
    """Sign that browser out; this very one too, if it is meant."""
    session = person(request).sessions.alive().select_related("user").filter(handle=session_handle).first()
    if session is None:
        raise Http404
    end_session(request.actor, session)
    if session.session_key == stored_key(session_key(request)):
        request.session.flush()
        return HttpResponseRedirect(settings.LOGIN_URL)
    messages.success(request, _("Вход завершён: на том устройстве дневник больше не открывается."))
    return HttpResponseRedirect(reverse("settings:security") + "#sessions")


@page(ACCOUNT_OWN)
@require_POST
def end_others(request: ActorRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    end_all_sessions(request.actor, person(request), but=session_key(request))
    messages.success(request, _("Все другие входы завершены. Остался только этот."))
    return HttpResponseRedirect(reverse("settings:security") + "#sessions")
