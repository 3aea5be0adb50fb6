"""«Семейные пользователи»: one's children, who else sees them, their devices, requests (A10, A15, A16)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from diary.desks.family.policies import DEVICE_INVITE, DEVICE_REVOKE, FAMILY_READ, REQUEST_WITHDRAW
from diary.desks.family.rules import qr_image
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.access.scope import school_scope
from diary.people.roster.actions import issue_pass, revoke_device, withdraw_request
from diary.people.roster.models import Student
from diary.people.roster.models.families import family_schools
from diary.people.roster.policies import can_ask_for_child, is_full_guardian
from diary.people.roster.queries.devices import device_of_family
from diary.people.roster.queries.families import family_of, own_request, seen_by


@page(FAMILY_READ)
@never_cache
@require_safe
def family(request: ActorRequest) -> HttpResponse:
    """One's children; a pupil sees who reads the own diary."""
    if not can_ask_for_child(request.actor):
        return render(request, "family/seen_by.html", {"links": seen_by(request.actor)})
    return render(request, "family/list.html", {"family": family_of(request.actor)})


@page(REQUEST_WITHDRAW)
@require_POST
def withdraw(request: ActorRequest, request_id: uuid.UUID) -> HttpResponse:
    """The parent no longer asks the school."""
    with school_scope(family_schools(request.actor)):
        found = own_request(request.actor, request_id)
        if found is None:
            raise Http404
        withdraw_request(request.actor, found)
    messages.success(request, _("Заявка отозвана."))
    return HttpResponseRedirect(reverse("family:list"))


@page(DEVICE_INVITE)
@never_cache
@require_POST
def show_qr(request: ActorRequest, student_id: uuid.UUID) -> HttpResponse:
    """A fresh QR for a device of the child: on this page and nowhere else, and the one before it dies."""
    student = Student.objects.family_of(request.actor).filter(id=student_id).first()
    if student is None or student.user_id == request.actor.user_id:
        raise Http404
    if not is_full_guardian(request.actor, student):
        raise PermissionDenied
    secret = issue_pass(request.actor, student)
    address = request.build_absolute_uri(reverse("family:bind", args=[secret]))
    return render(request, "family/qr.html", {"student": student, "image": qr_image(address), "address": address})


@page(DEVICE_REVOKE)
@require_POST
def revoke(request: ActorRequest, device_id: uuid.UUID) -> HttpResponse:
    """A child's device signs nobody in any more."""
    device = device_of_family(request.actor, device_id)
    if device is None:
        raise Http404
    revoke_device(request.actor, device)
    messages.success(request, _("Устройство отключено: дневник на нём больше не откроется."))
    return HttpResponseRedirect(reverse("family:list"))
