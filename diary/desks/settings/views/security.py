"""«Безопасность»: the account at a glance, and the journal of sign-ins (A8)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from diary.desks.settings.queries import (
    factor_lines,
    last_sign_ins,
    messages_to_add,
    session_lines,
    sign_in_page,
)
from diary.desks.settings.rules import page_number
from diary.desks.settings.views._pages import back_to, own_page, person, proved_lately, session_key
from diary.desks.settings.wording import RESULTS
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.post.channels import channel_for
from diary.people.door.factors.paper_codes import codes_left
from diary.people.door.policies import ACCOUNT_OWN
from diary.people.door.sessions.new_devices import forget_devices
from diary.people.door.signing_in.identity_providers import providers_on


@page(ACCOUNT_OWN)
@proved_lately
@never_cache
@require_safe
def security(request: ActorRequest) -> HttpResponse:
    """Password, second factors, sessions, the last sign-ins, the lost phone."""
    user = person(request)
    factors = factor_lines(user)
    context = {
        "factors": factors,
        "can_add": messages_to_add(user, factors),
        "paper_left": codes_left(user) if factors else 0,
        "sessions": session_lines(user, session_key(request), request.actor.ip),
        "sign_ins": last_sign_ins(user),
        "has_sms": channel_for("sms") is not None,
        "services": [(provider, provider.link_of(user)) for provider in providers_on()],
    }
    return own_page(request, "settings/security.html", context)


@page(ACCOUNT_OWN)
@proved_lately
@never_cache
@require_safe
def sign_ins(request: ActorRequest) -> HttpResponse:
    """The whole journal, thirty lines on a page, of one result where that is asked."""
    result = request.GET.get("result", "")
    result = result if result in RESULTS else ""
    lines = sign_in_page(person(request), result, page_number(request.GET.get("page", "")))
    return own_page(request, "settings/sign_ins.html", {"page": lines, "result": result, "results": RESULTS})


@page(ACCOUNT_OWN)
@require_POST
def devices_seen(request: ActorRequest) -> HttpResponse:
    """«Это я»: the note about new devices goes."""
    forget_devices(request.session)
    messages.success(request, _("Хорошо, больше не напоминаем."))
    return back_to(request, "settings:security")
