"""The second factor of who is already in: asked again where a fresh proof is needed, set up where there is none."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core.errors import Refusal
from diary.foundation.post.channels import channel_for
from diary.foundation.ui.addresses import local_address
from diary.people.accounts.models import User
from diary.people.door.factors.proving import prove, send_factor_code
from diary.people.door.guarding.journal import record
from diary.people.door.models import SignInRecord
from diary.people.door.policies import FACTOR_ENROL
from diary.people.door.sessions.browsers import prove_factor
from diary.people.door.signing_in.entering import has_ready_factor, visit_of
from diary.people.door.views._pages import door_page, way_back
from diary.people.door.views.sign_in import factor_page

OWN_BUTTONS = frozenset({"send", "prove", "choose"})
KEPT = "kept:"  # fields of a form that was on its way when the proof turned out to be too old


@page(FACTOR_ENROL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ActorRequest) -> HttpResponse:
    """Prove a second factor and go back. A form that was on its way (307) waits on this page and is sent on after."""
    user = request.user
    assert isinstance(user, User)
    if not has_ready_factor(user):
        return _set_up(request, user)
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    kept = _kept_fields(request)
    refusal: Refusal | None = None
    try:
        if "send" in request.POST:
            send_factor_code(request, user, kind)
        elif "prove" in request.POST:
            kind = prove(request, user, kind, request.POST.get("typed", ""), visit_of(request))
            _proved(request, user, kind)
            return _go_on(request, kept)
    except Refusal as raised:
        refusal = raised
    return factor_page(request, user, kind, refusal, {"next": _next(request), "kept": kept, "back": _next(request)})


def _next(request: HttpRequest) -> str:
    """Where to go on. The address says it: a form that is on its way may have a field `next` of its own."""
    return local_address(request, request.GET.get("next")) or way_back(request)


def _proved(request: ActorRequest, user: User, kind: str) -> None:
    request.session.cycle_key()
    prove_factor(request.session)
    record(user, visit_of(request), SignInRecord.Result.STEPPED_UP, factor=kind)


def _go_on(request: ActorRequest, kept: list[tuple[str, str]]) -> HttpResponse:
    address = _next(request)
    if not kept:
        return HttpResponseRedirect(address)
    instead = local_address(request, dict(kept).get("next")) or settings.LOGIN_REDIRECT_URL
    return render(request, "door/send_on.html", {"next": address, "kept": kept, "instead": instead})


def _kept_fields(request: ActorRequest) -> list[tuple[str, str]]:
    """The waiting form: as it has just come from the door, or as this page has carried it since."""
    if request.method != "POST":
        return []
    is_own = not OWN_BUTTONS.isdisjoint(request.POST)
    if is_own:
        return _pairs(request.POST, KEPT)
    # a form of one button has no fields of its own and waits all the same
    return _pairs(request.POST, "", leave_out={"csrfmiddlewaretoken"}) or [("button", "")]


def _pairs(fields: QueryDict, prefix: str, leave_out: set[str] | None = None) -> list[tuple[str, str]]:
    return [
        (name.removeprefix(prefix), str(value))
        for name, values in fields.lists()
        if name.startswith(prefix) and name not in (leave_out or ())
        for value in values
    ]


def _set_up(request: ActorRequest, user: User) -> HttpResponse:
    context = {
        "next": _next(request),
        "is_staff": request.actor.is_staff,
        "can_sms": user.phone_confirmed_at is not None and channel_for("sms") is not None,
        "can_email": user.email_confirmed_at is not None and channel_for("email") is not None,
        "phone": user.masked_phone,
        "email": user.masked_email,
    }
    return door_page(request, "door/set_up_factor.html", context)
