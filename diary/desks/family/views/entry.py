"""The child's own way in: a scanned QR binds the device, afterwards the device and a PIN are enough (A16)."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from diary.foundation.access.actor import Actor
from diary.foundation.access.doors import public
from diary.foundation.core.errors import Refusal
from diary.people.door.sessions.browsers import device_in, ip_of
from diary.people.roster.actions import Entry, PassSpent, bind_device, come_in_by_device
from diary.people.roster.child_entry import COOKIE, begin_session, device_here, keep_device
from diary.people.roster.models import ChildDevice, DevicePass
from diary.people.roster.queries.devices import find_pass, student_of
from diary.people.roster.rules.pins import WRONG_IN_A_ROW, needs_pin

GONE = 410


@public("whoever holds a parent's QR binds a device of the child; nobody can guess its address")
@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: HttpRequest, secret: str) -> HttpResponse:
    """«Это устройство Маши?», and the binding."""
    child_pass = find_pass(secret)
    if child_pass is None or not child_pass.is_open:
        return _spent(request, is_used=child_pass is not None and child_pass.used_at is not None)
    if request.method != "POST":
        return _question(request, child_pass)
    try:
        return _bind(request, child_pass)
    except PassSpent:
        return _spent(request, is_used=True)
    except Refusal as refusal:
        return _question(request, child_pass, refusal)


@public("asks the child's own device for the PIN")
@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """A device that is bound signs its child in again."""
    device = device_here(request)
    if device is None or device.revoked_at is not None:
        return _no_device(request, is_revoked=device is not None)
    if request.method != "POST":
        return _door(request, device)
    with transaction.atomic():
        entry = come_in_by_device(_nobody(request), device, pin=request.POST.get("pin", ""))
        if entry is Entry.IN:
            begin_session(request, device)
    if entry is Entry.IN:
        return HttpResponseRedirect("/")
    if entry is Entry.LOCKED_OUT:
        return _no_device(request, is_revoked=True)
    device.refresh_from_db(fields=["wrong_pins"])
    return _door(request, device, entry)


def way_of_device(request: HttpRequest) -> str:
    """Where a browser with the cookie of a child's device comes in."""
    return reverse("family:enter") if request.COOKIES.get(COOKIE) else ""


def _bind(request: HttpRequest, child_pass: DevicePass) -> HttpResponse:
    _student, parallel = student_of(child_pass)
    with transaction.atomic():
        bound = bind_device(
            _nobody(request),
            child_pass,
            device=device_in(request),
            pin=request.POST.get("pin", ""),
            parallel=parallel,
            replaces=device_here(request),
        )
        begin_session(request, bound.device)
    answer = HttpResponseRedirect("/")
    keep_device(request, answer, bound.secret)
    return answer


def _question(request: HttpRequest, child_pass: DevicePass, refusal: Refusal | None = None) -> HttpResponse:
    student, parallel = student_of(child_pass)
    device = device_here(request)
    context = {
        "student": student,
        "needs_pin": needs_pin(parallel),
        "problem": refusal.sentence if refusal else "",
        "other": device.user if device and device.revoked_at is None and device.user_id != student.user_id else None,
    }
    return render(request, "family/bind.html", context, status=refusal.status if refusal else 200)


def _door(request: HttpRequest, device: ChildDevice, entry: Entry | None = None) -> HttpResponse:
    problem = ""
    if entry is Entry.WRONG_PIN:
        left = WRONG_IN_A_ROW - device.wrong_pins
        words = ngettext("Осталась %(n)s попытка.", "Осталось попыток: %(n)s.", left) % {"n": left}
        problem = _("PIN не подошёл. %(left)s Потом устройство отключится.") % {"left": words}
    elif entry is Entry.CLOSED:
        problem = _("Войти нельзя: школа закрыла эту учётную запись. Попросите родителя написать в школу.")
    context = {"child": device.user, "has_pin": device.has_pin, "problem": problem}
    return render(request, "family/enter.html", context, status=422 if entry else 200)


def _spent(request: HttpRequest, *, is_used: bool) -> HttpResponse:
    return render(request, "family/spent.html", {"is_used": is_used}, status=GONE)


def _no_device(request: HttpRequest, *, is_revoked: bool) -> HttpResponse:
    answer = render(request, "family/no_device.html", {"is_revoked": is_revoked}, status=GONE)
    answer.delete_cookie(COOKIE)
    return answer


def _nobody(request: HttpRequest) -> Actor:
    """Whoever may be signed in on this device: the deed is not theirs."""
    return Actor(ip=ip_of(request))
