"""Setting up second factors: codes by message, an authenticator app, passkeys, codes on paper (A5)."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diary.foundation.access.doors import ActorRequest, has_factor, page, to_second_factor
from diary.foundation.core.errors import BadInput, Refusal
from diary.people.accounts.models import User
from diary.people.door.actions import (
    NotConfirmed,
    add_message_factor,
    add_passkey,
    begin_totp,
    confirm_totp,
    issue_recovery_codes,
)
from diary.people.door.factors import passkeys, totp
from diary.people.door.models import Factor
from diary.people.door.policies import ACCOUNT_PROTECT, FACTOR_ENROL
from diary.people.door.sessions.browsers import prove_factor
from diary.people.door.signing_in.entering import came_in_lately, has_ready_factor
from diary.people.door.views._pages import door_page, way_back

NEW_PASSKEY_STATE = "new_passkey"
LONGEST_NAME = 60
View = Callable[..., HttpResponseBase]


def enrolment(view: View) -> View:
    """A page that adds a factor. Who has one proves it freshly; who has none has come in by the password just now, or a
    stolen session could make a factor of its own and open everything with it."""

    @page(FACTOR_ENROL)
    @never_cache
    @functools.wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        assert isinstance(user, User)
        if not has_factor(request.actor, fresh=True):
            if has_ready_factor(user):
                return to_second_factor(request)
            if not came_in_lately(request.session):
                messages.info(request, _("Введите пароль ещё раз: вы вошли больше 15 минут назад."))
                return redirect_to_login(request.get_full_path() if request.method == "GET" else way_back(request))
        return view(request, user, *args, **kwargs)

    return guarded


@enrolment
@require_POST
def add_message(request: ActorRequest, user: User) -> HttpResponse:
    """Codes by SMS or e-mail. The first use of it proves that the phone is at hand."""
    kind = request.POST.get("kind", "")
    if kind not in (Factor.Kind.SMS, Factor.Kind.EMAIL):
        raise Http404
    add_message_factor(request.actor, user, kind=kind)
    messages.success(request, _("Второй шаг входа добавлен."))
    return HttpResponseRedirect(way_back(request))


@enrolment
@require_POST
def new_app(request: ActorRequest, user: User) -> HttpResponse:
    """Make a secret for an authenticator app and show it."""
    factor = begin_totp(request.actor, user)
    address = reverse("door:app", args=[factor.id])
    return HttpResponseRedirect(f"{address}?{urlencode({'next': way_back(request)})}")


@enrolment
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: ActorRequest, user: User, factor_id: uuid.UUID) -> HttpResponse:
    """The QR for the app, and the first code back."""
    factor = _pending(user, factor_id)
    refusal: Refusal | None = None
    if request.method == "POST":
        if totp.fits(factor, request.POST.get("typed", "")):
            confirm_totp(request.actor, factor, typed=request.POST["typed"], name=_name(request))
            return _proved(request)
        refusal = NotConfirmed(_("Код не подошёл. Проверьте, что часы телефона идут верно, и введите новый код."))
    secret = " ".join(factor.secret[start : start + 4] for start in range(0, len(factor.secret), 4))
    context = {"factor": factor, "secret": secret, "next": way_back(request)}
    return door_page(request, "door/app.html", context, refusal=refusal)


@enrolment
@require_safe
def app_qr(request: ActorRequest, user: User, factor_id: uuid.UUID) -> HttpResponse:
    """The picture alone, for the page above."""
    factor = _pending(user, factor_id)
    picture = totp.qr_picture(totp.app_address(user, factor.secret))
    return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


@enrolment
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: ActorRequest, user: User) -> HttpResponse:
    """Add a passkey or a security key: the browser makes it, this page checks and keeps it."""
    refusal: Refusal | None = None
    if request.method == "POST":
        state = request.session.pop(NEW_PASSKEY_STATE, None)
        try:
            answer = passkeys.read_answer(request.POST.get("typed", "").encode())
            credential_id, secret = passkeys.finish_registration(request, state, answer)
        except passkeys.BadPasskey:
            refusal = BadInput(_("Ключ не добавлен: браузер не подтвердил его. Попробуйте ещё раз."))
        else:
            add_passkey(request.actor, user, credential_id=credential_id, secret=secret, name=_name(request))
            return _proved(request)
    is_by_number = request.get_host().replace(":", "").replace(".", "").isdigit()
    context = {"next": way_back(request), "is_by_number": is_by_number}
    return door_page(request, "door/passkey.html", context, refusal=refusal)


@enrolment
@require_POST
def passkey_options(request: ActorRequest, user: User) -> HttpResponse:
    """What the browser needs to make a passkey."""
    options, request.session[NEW_PASSKEY_STATE] = passkeys.begin_registration(request, user)
    return JsonResponse(options)


@page(ACCOUNT_PROTECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_codes(request: ActorRequest) -> HttpResponse:
    """Ten codes for the day when the phone is lost: made by a press, shown once."""
    user = request.user
    assert isinstance(user, User)
    codes = issue_recovery_codes(request.actor, user) if request.method == "POST" else []
    return render(request, "door/paper_codes.html", {"codes": codes, "next": way_back(request)})


def _name(request: ActorRequest) -> str:
    """What the owner calls the factor, as long as a list can show."""
    return request.POST.get("name", "").replace("\0", "")[:LONGEST_NAME]


def _pending(user: User, factor_id: uuid.UUID) -> Factor:
    found = totp.pending_of(user, factor_id)
    if found is None:
        raise Http404
    return found


def _proved(request: ActorRequest) -> HttpResponse:
    """The new factor has just been used: that is a proof, under a new key."""
    request.session.cycle_key()
    prove_factor(request.session)
    messages.success(request, _("Второй шаг входа добавлен."))
    address = reverse("door:paper_codes")
    return HttpResponseRedirect(f"{address}?{urlencode({'next': way_back(request)})}")
