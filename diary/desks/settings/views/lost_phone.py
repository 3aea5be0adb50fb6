"""«Телефон потерян»: one press, and what was on it opens nothing any more (A9).

No second factor is asked: it may be the very thing that was lost. A thief who holds a session can lock the owner out
with it, but comes no nearer to the account.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diary.desks.settings.views._pages import own_page, person, session_key
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.access.permissions import SIGNED_IN
from diary.people.accounts.actions import lose_phone


@page(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_phone(request: ActorRequest) -> HttpResponse:
    """What will happen; then it happens at once."""
    user, what = person(request), request.POST.get("what", "")
    if request.method != "POST" or what not in ("account", "phone"):
        return own_page(request, "settings/lost_phone.html", {}, status=422 if request.method == "POST" else 200)
    closes = what == "account"
    lose_phone(request.actor, user, closes_account=closes, but="" if closes else session_key(request))
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
