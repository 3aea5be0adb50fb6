"""The way in: password, second factor, phone; and the way out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from diary.foundation.access.actor import ANONYMOUS
from diary.foundation.access.doors import public
from diary.foundation.audit.log import AuditNote, write_audit
from diary.foundation.core.errors import BadInput, Refusal
from diary.people.accounts.models import User
from diary.people.accounts.rules.formats import masked_phone
from diary.people.door.actions import PHONE_CODE, add_message_factor, confirm_phone
from diary.people.door.codes import CODES_TO_NEW_ADDRESSES, Asker, WrongCode, send_code, use_code
from diary.people.door.factors.proving import FACTOR_CODE, prove, send_factor_code, ways_of
from diary.people.door.forms import PhoneForm, SignInForm
from diary.people.door.guarding.limits import TooMany
from diary.people.door.models import Factor, OneTimeCode
from diary.people.door.rules.lockout import Standing
from diary.people.door.sessions.browsers import ip_of
from diary.people.door.signing_in.entering import (
    Entering,
    begin,
    come_in,
    current,
    entering_actor,
    has_ready_factor,
    may_skip_phone,
    remember_factor,
    visit_of,
)
from diary.people.door.signing_in.hints import sign_in_hints
from diary.people.door.signing_in.identity_providers import providers_on
from diary.people.door.signing_in.known_browsers import entry_of_known_browser
from diary.people.door.signing_in.password import Outcome, check_password
from diary.people.door.signing_in.way_in import advance
from diary.people.door.views._pages import code_context, code_of, door_page, way_back


class NotLetIn(BadInput):
    """Login and password do not open the door; the sentence says what to do."""


@public("this is where everybody comes in")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Login and password. A wrong pair gets one sentence, whichever half is wrong; the login stays typed."""
    if way := entry_of_known_browser(request):
        return HttpResponseRedirect(way)
    form = SignInForm(request.POST or None)
    refusal: Refusal | None = None
    standing, status = Standing.OPEN, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                outcome = check_password(form.cleaned_data["login"], form.cleaned_data["password"], visit_of(request))
                if outcome.user is not None:
                    return advance(request, begin(request, outcome.user, way_back(request)))
                standing, refusal = outcome.standing, NotLetIn(_why(outcome))
            except Refusal as raised:
                refusal = raised
    context = sign_in_context(request, form, standing)
    return door_page(request, "door/sign_in.html", context, refusal=refusal, status=status)


def sign_in_context(request: HttpRequest, form: SignInForm, standing: Standing = Standing.OPEN) -> dict[str, Any]:
    """What the sign-in page shows."""
    return {
        "form": form,
        "next": way_back(request),
        "hints": [hint for hand_in in sign_in_hints for hint in hand_in()],
        "standing": standing.value,
        "providers": providers_on(),
    }


@public("asks who has shown a password for the second factor")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_factor(request: HttpRequest) -> HttpResponse:
    """The second factor, by any of the person's ways."""
    entering = current(request)
    if entering is None or entering.factor:
        return redirect("door:sign_in")
    refusal: Refusal | None = None
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    if request.method == "POST":
        try:
            if "send" in request.POST:
                send_factor_code(request, entering.user, kind)
            else:
                typed = request.POST.get("typed", "")
                remember_factor(request, entering, prove(request, entering.user, kind, typed, visit_of(request)))
                return advance(request, entering)
        except Refusal as raised:
            refusal = raised
    return factor_page(request, entering.user, kind, refusal, {"back": settings.LOGIN_URL})


def factor_page(
    request: HttpRequest, user: User, kind: str, refusal: Refusal | None, context: dict[str, object]
) -> HttpResponse:
    """The question for a second factor; also asked again of those who are in (`views.confirm`)."""
    ways = ways_of(user)
    way = next((one for one in ways if one.kind == kind), ways[0] if ways else None)
    code = code_of(request, FACTOR_CODE)
    if code and way and code.kind != way.kind:
        code = None
    said = {"ways": ways, "way": way, "number": user.shown_number, **code_context(code)}
    return door_page(request, "door/factor.html", {**said, **context}, refusal=refusal)


@public("asks who has shown a password for a phone")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_phone(request: HttpRequest) -> HttpResponse:
    """The phone of the first sign-in (A3): typed as ten digits, or the one that the school knows."""
    entering = current(request)
    if entering is None or (not entering.factor and has_ready_factor(entering.user)):
        return redirect("door:sign_in")
    user, refusal = entering.user, None
    form = PhoneForm(request.POST or None)
    is_known = bool(user.phone) and "known" in request.POST
    if request.method == "POST":
        if "skip" in request.POST and may_skip_phone(user):
            come_in(request, entering)
            return HttpResponseRedirect(entering.next)
        if is_known or form.is_valid():
            try:
                CODES_TO_NEW_ADDRESSES.must_take(user.number)
                phone = user.phone if is_known else form.cleaned_data["phone"]
                key, is_person = request.session.session_key or "", user.signed_up_at is None
                asker = Asker(key, ip_of(request), is_known=is_person, typed=f"{user.number} {phone}")
                text = _("Код для подтверждения телефона: %(code)s. Никому его не говорите.")
                send_code(asker, PHONE_CODE, "sms", phone, user=user, text=text)
                return redirect("door:sign_in_code")
            except TooMany as raised:
                refusal = raised
    context = {"form": form, "masked": masked_phone(user.phone), "may_skip": may_skip_phone(user)}
    status = 422 if request.method == "POST" else 200
    return door_page(request, "door/phone.html", context, refusal=refusal, status=status)


@public("asks who has shown a password for the code sent to the phone")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code of the first sign-in (A4); then the phone is the person's, and for staff a second factor."""
    entering = current(request)
    if entering is None or (not entering.factor and has_ready_factor(entering.user)):
        return redirect("door:sign_in")
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            code = use_code(request.session.session_key or "", PHONE_CODE, request.POST.get("typed", ""))
            _take_phone(request, entering, code)
            return advance(request, entering)
        except WrongCode as raised:
            refusal = raised
    waiting = code_of(request, PHONE_CODE)
    context = {"address": masked_phone(waiting.address) if waiting else "", **code_context(waiting)}
    context |= {"again": "door:sign_in_phone", "title": _("Код из SMS")}
    return door_page(request, "door/code.html", context, refusal=refusal)


@public("leaving needs no right")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go to the sign-in page."""
    actor = getattr(request, "actor", ANONYMOUS)
    if isinstance(request.user, User):
        write_audit(actor, "door.sign_out", request.user, [AuditNote()])
    logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


def _take_phone(request: HttpRequest, entering: Entering, code: OneTimeCode) -> None:
    actor = entering_actor(request, entering)
    confirm_phone(actor, entering.user, code=code)
    if actor.is_staff and not has_ready_factor(entering.user):
        add_message_factor(actor, entering.user, kind=Factor.Kind.SMS)
    if has_ready_factor(entering.user) and not entering.factor:
        remember_factor(request, entering, Factor.Kind.SMS)


def _why(outcome: Outcome) -> str:
    if outcome.standing is Standing.LOCKED:
        said = ngettext(
            "Пароль пять раз подряд введён неверно, вход закрыт: ещё %(n)s минуту не подойдёт даже верный. Чтобы войти,"
            " восстановите доступ; это можно сделать уже сейчас.",
            "Пароль пять раз подряд введён неверно, вход закрыт: ещё %(n)s минут не подойдёт даже верный. Чтобы войти,"
            " восстановите доступ; это можно сделать уже сейчас.",
            outcome.minutes_left,
        )
        return said % {"n": outcome.minutes_left}
    if outcome.standing is Standing.RECOVERY:
        return _("Пароль пять раз подряд введён неверно. Чтобы войти, восстановите доступ: подтвердите, что это вы.")
    if outcome.closed and outcome.closed.deactivated_at:
        return _("Учётная запись закрыта: вы сообщили о потере телефона. Чтобы открыть её, восстановите доступ.")
    if outcome.closed:
        return _("Учётную запись закрыла школа. Обратитесь к администратору школы.")
    return _("Логин или пароль не подошли. Проверьте раскладку клавиатуры и попробуйте ещё раз.")
