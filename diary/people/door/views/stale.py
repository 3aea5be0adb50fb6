"""A form of the door whose token is too old: the page again, with what was typed and a fresh token."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from diary.foundation.core.errors import Refusal
from diary.foundation.ui.errors import stale_form
from diary.people.door.forms import SignInForm, SignUpForm
from diary.people.door.views._pages import door_page
from diary.people.door.views.sign_in import sign_in_context


class StaleForm(Refusal):
    """The page was open for too long to be sure who has sent it."""

    status = 403


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Nobody types a login or a whole registration twice; every other form says what to do."""
    if not request.COOKIES or request.path not in (settings.LOGIN_URL, reverse("door:sign_up")):
        return stale_form(request, reason)
    stale = StaleForm(_("Страница была открыта слишком долго, и форма не отправлена. Введите пароль и повторите."))
    if request.path == settings.LOGIN_URL:
        form = SignInForm(initial={"login": request.POST.get("login", "")})
        return door_page(request, "door/sign_in.html", sign_in_context(request, form), refusal=stale)
    context = {"form": SignUpForm(initial=request.POST.dict())}
    return door_page(request, "door/sign_up.html", context, refusal=stale)
