"""«Доступ»: requests of families and the links that there are (A10, A15)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diary.desks.office.forms import LinkForm
from diary.desks.office.views._chosen import chosen_school, schools_of
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core.errors import BadInput, Refusal
from diary.people.roster.actions import (
    change_link,
    confirm_request,
    end_link,
    refuse_request,
    set_guardian_confirmation,
)
from diary.people.roster.models import Guardian, GuardianRequest
from diary.people.roster.policies import GUARDIAN_DECIDE, can_decide_guardian
from diary.people.roster.queries.families import class_names, guardians_of, links_found, requests_of

WORDS = 100


class NothingPressed(BadInput):
    """Access to a child's diary is never given by default."""

    def __init__(self) -> None:
        super().__init__(_("Нажмите кнопку с тем, что решили."))


@page(GUARDIAN_DECIDE)
@never_cache
@require_safe
def guardians(request: ActorRequest) -> HttpResponse:
    """Requests, waiting ones first; links by the name of child or guardian."""
    mine = schools_of(request, GUARDIAN_DECIDE)
    current = chosen_school(request, mine)
    words = request.GET.get("q", "").replace("\0", "")[:WORDS].strip()
    requests = requests_of(current)
    context = {
        "school": current,
        "schools": mine,
        "words": words,
        "links": links_found(current, words),
        "waiting": [one for one in requests if one.state == GuardianRequest.State.WAITING],
        "answered": [one for one in requests if one.state != GuardianRequest.State.WAITING],
    }
    return render(request, "office/guardians.html", context)


@page(GUARDIAN_DECIDE)
@require_POST
def confirmation(request: ActorRequest) -> HttpResponse:
    """Whether the school looks at each request."""
    current = chosen_school(request, schools_of(request, GUARDIAN_DECIDE))
    set_guardian_confirmation(request.actor, current, confirms=request.POST.get("confirms") == "on")
    messages.success(request, _("Сохранено."))
    return HttpResponseRedirect(f"{reverse('office:guardians')}?school={current.id}")


@page(GUARDIAN_DECIDE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_request(request: ActorRequest, request_id: uuid.UUID) -> HttpResponse:
    """One request: what was given, what the roster says; confirm or refuse."""
    schools = request.actor.schools_with(*GUARDIAN_DECIDE.roles)
    rows = GuardianRequest.objects.visible_to(request.actor).filter(school_id__in=schools, id=request_id)
    asked: GuardianRequest | None = rows.select_related("user", "student", "school", "decided_by").first()
    if asked is None:
        raise Http404
    form = LinkForm(request.POST if request.method == "POST" else None, initial={"rights": "full"})
    problem: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        problem = _refusal_of(lambda: _answer(request, asked, form))
        if problem is None:
            return _done(request, f"{reverse('office:guardians')}?school={asked.school_id}")
    context = {
        "asked": asked,
        "class_name": class_names([asked.student_id]).get(asked.student_id, ""),
        "documents": list(asked.student.documents.order_by("kind")),
        "others": guardians_of(asked.student),
        "may_decide": can_decide_guardian(request.actor, asked),
    }
    return _page(request, "office/guardian_request.html", form, problem, context)


@page(GUARDIAN_DECIDE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_link(request: ActorRequest, link_id: uuid.UUID) -> HttpResponse:
    """One link: rights, last day, end."""
    schools = request.actor.schools_with(*GUARDIAN_DECIDE.roles)
    rows = Guardian.objects.visible_to(request.actor).filter(school_id__in=schools, id=link_id)
    link: Guardian | None = rows.select_related("user", "student", "school").first()
    if link is None:
        raise Http404
    given = {"rights": link.rights, "last_day": None if link.is_over else link.last_day}
    form = LinkForm(request.POST if request.method == "POST" else None, initial=given)
    problem: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        problem = _refusal_of(lambda: _change(request, link, form))
        if problem is None:
            return _done(request, reverse("office:guardian_link", args=[link.id]))
    others = [one for one in guardians_of(link.student) if one.id != link.id]
    context = {"link": link, "others": others, "may_decide": can_decide_guardian(request.actor, link)}
    return _page(request, "office/guardian_link.html", form, problem, context)


def _answer(request: ActorRequest, asked: GuardianRequest, form: LinkForm) -> None:
    match request.POST.get("do"):
        case "confirm":
            confirm_request(request.actor, asked, rights=form.cleaned_data["rights"], until=form.until())
        case "refuse":
            refuse_request(request.actor, asked, reason=form.cleaned_data["reason"])
        case _:
            raise NothingPressed


def _change(request: ActorRequest, link: Guardian, form: LinkForm) -> None:
    reason = form.cleaned_data["reason"]
    match request.POST.get("do"):
        case "change":
            change_link(request.actor, link, rights=form.cleaned_data["rights"], until=form.until(), reason=reason)
        case "end":
            end_link(request.actor, link, reason=reason)
        case _:
            raise NothingPressed


def _refusal_of(deed: Callable[[], None]) -> Refusal | None:
    """Do it; a refusal is shown on the page, which keeps what was typed."""
    try:
        with transaction.atomic():
            deed()
    except Refusal as refusal:
        return refusal
    return None


def _done(request: ActorRequest, address: str) -> HttpResponse:
    messages.success(request, _("Сохранено. Представители ребёнка узнают об этом."))
    return HttpResponseRedirect(address)


def _page(
    request: ActorRequest, template: str, form: LinkForm, problem: Refusal | None, context: dict[str, Any]
) -> HttpResponse:
    status = problem.status if problem else 422 if form.is_bound else 200
    said = {"form": form, "problem": problem.sentence if problem else ""}
    return render(request, template, {**said, **context}, status=status)
