"""«Телефон потерян»: one press, and what was on it opens nothing any more (A9).

No second factor is asked: it may be the very thing that was lost. A thief who holds a session can lock the owner out
with it, but comes no nearer to the account: without the phone another factor or the mailbox protects it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diary.desks.settings.views._pages import own_page, person, session_key
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core.errors import Refusal
from diary.people.door.actions import OnlyThePhone, lose_phone
from diary.people.door.policies import ACCOUNT_OWN
from diary.people.door.queries import can_do_without_phone


@page(ACCOUNT_OWN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_phone(request: ActorRequest) -> HttpResponse:
    """What will happen; then it happens at once."""
    user, what = person(request), request.POST.get("what", "")
    if request.method != "POST" or what not in ("account", "phone"):
        return _page(request, status=422 if request.method == "POST" else 200)
    closes = what == "account"
    try:
        with transaction.atomic():
            lose_phone(request.actor, user, closes_account=closes, but="" if closes else session_key(request))
    except OnlyThePhone as refusal:
        return _page(request, refusal=refusal)
    if closes:
        request.session.flush()
        messages.success(
            request,
            _("Учётная запись закрыта, все входы завершены. Её номер: %(number)s. Войти можно после восстановления.")
            % {"number": user.shown_number},
        )
        return HttpResponseRedirect(settings.LOGIN_URL)
    messages.success(request, _("Телефон отключён, все другие входы завершены. Подтвердите новый номер."))
    return HttpResponseRedirect(reverse("settings:security"))


def _page(request: ActorRequest, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    context = {"may_stay": can_do_without_phone(person(request))}
    return own_page(request, "settings/lost_phone.html", context, refusal=refusal, status=status)
