"""Changing the password in two steps: the present one, then the code from the phone with the new one (A4, A8)."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from diary.desks.settings.forms import CurrentPasswordForm, NewPasswordForm
from diary.desks.settings.views._pages import asker, code_of, own_page, person, session_key
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Refusal
from diary.foundation.post.channels import channel_for
from diary.people.accounts.models import User
from diary.people.door.actions import PASSWORD_CODE, change_password
from diary.people.door.codes import send_code, use_code
from diary.people.door.guarding.passwords import hash_new_password
from diary.people.door.policies import ACCOUNT_OWN
from diary.people.door.signing_in.entering import visit_of
from diary.people.door.signing_in.password import check_password

SHOWN_AT = "password_shown_at"
SHOWN_FOR = dt.timedelta(minutes=15)


class WrongPassword(BadInput):
    """The present password does not fit."""


@page(ACCOUNT_OWN)
@never_cache
@sensitive_post_parameters("current", "password", "again", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: ActorRequest) -> HttpResponse:
    """Refusals are said on the page and not raised: a wrong try must stay counted."""
    user = person(request)
    current = CurrentPasswordForm(request.POST if "current" in request.POST else None)
    new = NewPasswordForm(request.POST if "password" in request.POST else None, login=user.login)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            if answer := _step(request, user, current, new):
                return answer
        except Refusal as raised:
            refusal = raised
    is_shown, code = _is_shown(request), code_of(request, PASSWORD_CODE)
    context = {
        "step": "current" if not is_shown else "new" if code else "send",
        "way": way_of_codes(user),
        "sent_to": user.masked_email if code and code.kind == "email" else user.masked_phone,
        "current": current,
        "new": new,
    }
    status = 422 if request.method == "POST" else 200
    return own_page(request, "settings/password.html", context, refusal=refusal, code=code, status=status)


def way_of_codes(user: User) -> tuple[str, str] | None:
    """(kind, address) where the code goes: the confirmed phone; the mailbox where the machine sends no SMS."""
    if channel_for("sms"):
        return ("sms", user.phone) if user.phone_confirmed_at else None
    return ("email", user.email) if user.email_confirmed_at and channel_for("email") else None


def _step(request: ActorRequest, user: User, current: CurrentPasswordForm, new: NewPasswordForm) -> HttpResponse | None:
    """Do what was sent; None where the page has to be shown again."""
    if current.is_valid():
        _check(request, user, current.cleaned_data["current"])
    elif not _is_shown(request) or current.is_bound:
        return None
    elif new.is_bound:
        return _change(request, user, new) if new.is_valid() else None
    way = way_of_codes(user)
    if way is None:
        return None
    kind, address = way
    text = _("Код для смены пароля: %(code)s. Никому его не говорите.")
    send_code(asker(request), PASSWORD_CODE, kind, address, user=user, text=text)
    return HttpResponseRedirect(reverse("settings:password"))


def _check(request: ActorRequest, user: User, typed: str) -> None:
    """The password is tried as at the door: five wrong ones in a row lock the account (A6)."""
    outcome = check_password(user.login, typed, visit_of(request))
    if outcome.user is not None:
        request.session[SHOWN_AT] = clock.now().isoformat()
    elif outcome.minutes_left:
        raise WrongPassword(
            _("Пять неверных паролей подряд: вход заблокирован на %(minutes)s мин. Потом восстановите доступ.")
            % {"minutes": outcome.minutes_left}
        )
    else:
        raise WrongPassword(_("Текущий пароль не подошёл. Проверьте раскладку клавиатуры и попробуйте ещё раз."))


def _change(request: ActorRequest, user: User, new: NewPasswordForm) -> HttpResponse:
    values = new.cleaned_data
    encoded = hash_new_password(values["password"], user.login)  # first: a code is not used up where nobody has time
    code = use_code(session_key(request), PASSWORD_CODE, values["code"])
    change_password(request.actor, user, encoded=encoded, code=code, session_key=session_key(request))
    del request.session[SHOWN_AT]
    update_session_auth_hash(request, user)
    messages.success(request, _("Пароль изменён, все другие входы завершены."))
    return HttpResponseRedirect(reverse("settings:security"))


def _is_shown(request: ActorRequest) -> bool:
    shown = request.session.get(SHOWN_AT)
    return shown is not None and clock.now() - dt.datetime.fromisoformat(shown) < SHOWN_FOR
