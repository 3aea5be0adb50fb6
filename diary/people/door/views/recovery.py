"""Recovery of access (A7): who one is, a code, a new password. Every answer is the same for who does not exist."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from diary.foundation.access.doors import public
from diary.foundation.core.errors import Refusal
from diary.people.door.codes import WrongCode
from diary.people.door.forms import NewPasswordForm, RecoveryForm
from diary.people.door.recovery.by_code import RECOVERY_CODE, TooLate, ask_for_code, recovering, set_password, show_code
from diary.people.door.signing_in.entering import visit_of
from diary.people.door.views._pages import code_context, code_of, door_page

ASKED = "asked_to_recover"  # what was typed, for another code


@public("who has lost the way in cannot sign in")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Login or number, last name, and where the code goes."""
    typed = request.session.get(ASKED) or {"who": request.GET.get("login", ""), "kind": "sms"}
    form = RecoveryForm(request.POST or None, initial=typed)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            ask_for_code(request, values["who"], values["last_name"], values["kind"])
            request.session[ASKED] = {name: values[name] for name in ("who", "last_name", "kind")}
            return redirect("door:recovery_code")
        except Refusal as raised:
            refusal = raised
    status = 422 if request.method == "POST" else 200
    return door_page(request, "door/recovery.html", {"form": form}, refusal=refusal, status=status)


@public("who has lost the way in cannot sign in")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_code(request: HttpRequest) -> HttpResponse:
    """The code that was sent, if there was anybody to send it to."""
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            show_code(request, request.POST.get("typed", ""))
            return redirect("door:recovery_password")
        except WrongCode as raised:
            refusal = raised
    context = {"address": "", "again": "door:recovery", "title": _("Код для восстановления")}
    context |= code_context(code_of(request, RECOVERY_CODE))
    return door_page(request, "door/code.html", context, refusal=refusal)


@public("who has lost the way in cannot sign in")
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_password(request: HttpRequest) -> HttpResponse:
    """The new password."""
    user = recovering(request)
    if user is None:
        return redirect("door:recovery")
    form = NewPasswordForm(request.POST or None, login=user.login)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            set_password(request, user, form.cleaned_data["password"], visit_of(request))
            messages.success(request, _("Пароль задан, все прежние входы завершены. Войдите с новым паролем."))
            return redirect("door:sign_in")
        except TooLate as raised:
            messages.error(request, raised.sentence)
            return redirect("door:recovery")
        except Refusal as raised:
            refusal = raised
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "login": user.login}
    return door_page(request, "door/new_password.html", context, refusal=refusal, status=status)
