"""The support desk: find an account by its number, see the checks, unlock with a reason (A7)."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core.errors import BadInput, Refusal
from diary.people.door.actions import NotLocked, replace_lost_factors, unlock_account
from diary.people.door.forms import FindForm, ReasonForm
from diary.people.door.policies import ACCOUNT_SUPPORT
from diary.people.door.queries import account_by_number, account_card
from diary.people.door.views._pages import door_page


@page(ACCOUNT_SUPPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def support_desk(request: ActorRequest) -> HttpResponse:
    """One field: the number that the caller reads out. It travels in the body: numbers stay out of addresses' logs."""
    form = FindForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        user = account_by_number(request.actor, form.cleaned_data["number"])
        if user is not None:
            return redirect("door:support_account", user.number)
        refusal = BadInput(
            _("Учётной записи с таким номером нет, или она другой школы. Попросите прочитать номер ещё раз.")
        )
    status = 422 if request.method == "POST" else 200
    return door_page(request, "door/support.html", {"form": form}, refusal=refusal, status=status)


@page(ACCOUNT_SUPPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def support_account(request: ActorRequest, number: str) -> HttpResponse:
    """The checks, and the button that unlocks."""
    user = account_by_number(request.actor, number)
    if user is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                if "replace" in request.POST:
                    replace_lost_factors(request.actor, user, reason=form.cleaned_data["reason"])
                    said = _("Второй шаг входа теперь – код из SMS. Все входы завершены, владельцу сообщили.")
                    messages.success(request, said)
                    return redirect("door:support_account", user.number)
                unlock_account(request.actor, user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Вход разблокирован. Пароль остался прежним; причина записана."))
            return redirect("door:support_account", user.number)
        except NotLocked as raised:
            messages.info(request, raised.sentence)
            return redirect("door:support_account", user.number)
        except Refusal as raised:
            refusal = raised
    status = 422 if request.method == "POST" else 200
    context = {"card": account_card(user), "form": form}
    return door_page(request, "door/support_account.html", context, refusal=refusal, status=status)
