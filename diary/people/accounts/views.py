"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from diary.foundation.access.actor import ANONYMOUS
from diary.foundation.access.doors import public
from diary.foundation.audit.log import AuditNote, write_audit
from diary.people.accounts.browsers import describe_browser, device_in, ip_of, prove_factor
from diary.people.accounts.forms import SignInForm
from diary.people.accounts.hints import sign_in_hints
from diary.people.accounts.journal import Visit, record
from diary.people.accounts.models import SignInRecord, User
from diary.people.accounts.sign_in import check_password


@public("this is where everybody comes in")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Login and password. A wrong pair gets one sentence, whichever half is wrong; the login stays typed."""
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            visit = Visit(ip_of(request), device_in(request))
            user = check_password(form.cleaned_data["login"], form.cleaned_data["password"], visit).user
            if user is not None:
                login(request, user)
                describe_browser(request)
                prove_factor(request.session)
                record(user, visit, SignInRecord.Result.SIGNED_IN)
                return HttpResponseRedirect(_next(request))
            form.add_error(None, _("Логин или пароль не подошли. Проверьте раскладку клавиатуры и попробуйте ещё раз."))
    hints = [hint for hand_in in sign_in_hints for hint in hand_in()]
    context = {"form": form, "next": _next(request), "hints": hints}
    return render(request, "accounts/sign_in.html", context, status=status)


@public("leaving needs no right")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go to the sign-in page."""
    actor = getattr(request, "actor", ANONYMOUS)
    if isinstance(request.user, User):
        write_audit(actor, "accounts.sign_out", request.user, [AuditNote()])
    logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: only an address of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure()):
        return wanted
    return settings.LOGIN_REDIRECT_URL
