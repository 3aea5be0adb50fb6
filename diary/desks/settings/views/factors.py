"""Second factors of the person: naming and removing. They are added on the pages of the door (`accounts`)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diary.desks.settings.forms import FactorNameForm
from diary.desks.settings.policies import ACCOUNT_OWN, ACCOUNT_PROTECT
from diary.desks.settings.views._pages import person
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core.errors import BadInput
from diary.people.door.actions import remove_factor, rename_factor
from diary.people.door.models import Factor


@page(ACCOUNT_OWN)
@require_POST
def rename(request: ActorRequest, own_factor_id: uuid.UUID) -> HttpResponse:
    """What its owner calls it."""
    factor, form = _own(request, own_factor_id), FactorNameForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Название должно быть не длиннее 60 знаков. Сократите его."))
    rename_factor(request.actor, factor, name=form.cleaned_data["name"])
    messages.success(request, _("Название сохранено."))
    return HttpResponseRedirect(reverse("settings:security") + "#factors")


@page(ACCOUNT_PROTECT)
@require_POST
def remove(request: ActorRequest, own_factor_id: uuid.UUID) -> HttpResponse:
    """Take a factor away; the only one of a member of staff stays (409)."""
    remove_factor(request.actor, _own(request, own_factor_id))
    messages.success(request, _("Способ подтверждения удалён."))
    return HttpResponseRedirect(reverse("settings:security") + "#factors")


def _own(request: ActorRequest, own_factor_id: uuid.UUID) -> Factor:
    found: Factor | None = person(request).factors.ready().filter(id=own_factor_id).first()
    if found is None:
        raise Http404
    return found
