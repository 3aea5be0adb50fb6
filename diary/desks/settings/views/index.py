"""«Настройки»: where what is, and the switch of the service (A11)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from diary.desks.settings.policies import ACCOUNT_OWN, has_services
from diary.desks.settings.views._pages import back_to, own_page, person
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.access.permissions import SIGNED_IN
from diary.people.door.actions import switch_diary


@page(SIGNED_IN)
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    """The account in a few lines, and the ways to its parts."""
    return own_page(request, "settings/index.html", {"has_services": has_services(request.actor)})


@page(ACCOUNT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def services(request: ActorRequest) -> HttpResponse:
    """«Электронный дневник»: on or off, for this person alone."""
    if not has_services(request.actor):
        raise PermissionDenied
    if request.method != "POST":
        return own_page(request, "settings/services.html", {})
    is_on = request.POST.get("diary") == "on"
    switch_diary(request.actor, person(request), is_on=is_on)
    said = _("«Электронный дневник» включён.") if is_on else _("«Электронный дневник» выключен. Данные сохранены.")
    messages.success(request, said)
    return back_to(request, "settings:services")
