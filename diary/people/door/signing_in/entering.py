"""Somebody who has shown a password and is not in yet: what this session may ask next, and the moment of coming in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor, Role
from diary.foundation.core import clock
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.guarding.journal import Visit, record
from diary.people.door.models import Factor, SignInRecord
from diary.people.door.sessions.browsers import BROWSER, describe_browser, device_in, ip_of, prove_factor
from diary.people.door.sessions.new_devices import remember_new_devices

KEY = "entering"
BROUGHT = "brought"  # what the person brought along and the session of the signed-in keeps
PATIENCE = dt.timedelta(minutes=15)  # between the password and the last step


@dataclass(slots=True)
class Entering:
    """The person of the password, where they wanted to go, and the second factor that has been proved since."""

    user: User
    next: str
    factor: str = ""


def visit_of(request: HttpRequest) -> Visit:
    """From where this request comes."""
    return Visit(ip_of(request), device_in(request))


def begin(request: HttpRequest, user: User, next_address: str) -> Entering:
    """The password was right: a fresh session that is nobody's yet, so that no key known before opens anything."""
    request.session.flush()
    entering = Entering(user, next_address)
    _keep(request, entering)
    request.session.save()
    return entering


def current(request: HttpRequest) -> Entering | None:
    """Who is entering here; None when it took too long or the password has changed since."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    if not kept or clock.now() - dt.datetime.fromisoformat(kept["at"]) > PATIENCE:
        return None
    user = User.objects.filter(id=kept["user"]).first()
    if user is None or not user.may_sign_in or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return Entering(user, kept["next"], kept["factor"])


def remember_factor(request: HttpRequest, entering: Entering, kind: str) -> None:
    """A second factor was proved on the way in: the key changes."""
    entering.factor = kind
    _keep(request, entering)
    request.session.cycle_key()


def come_in(request: HttpRequest, entering: Entering) -> None:
    """Every step is done: the session becomes the person's, under a new key."""
    user, visit = entering.user, visit_of(request)
    is_known = knows_device(user, visit)
    brought = request.session.get(BROUGHT)
    request.session.flush()
    if brought:
        request.session[BROUGHT] = brought
    describe_browser(request)
    if entering.factor:
        prove_factor(request.session)
    login(request, user)
    remember_new_devices(request.session, user, visit.device.name)
    record(user, visit, SignInRecord.Result.SIGNED_IN, factor=entering.factor)
    if not is_known:
        _tell_of_new_device(user, visit)


def came_in_lately(session: Any) -> bool:
    """Whether this browser came in through the door less than 15 minutes ago."""
    came_at = session.get(BROWSER, {}).get("created_at")
    return came_at is not None and clock.now() - dt.datetime.fromisoformat(came_at) < PATIENCE


def knows_device(user: User, visit: Visit) -> bool:
    """Whether the person has come in from such a device before, or never came in at all."""
    earlier = SignInRecord.objects.filter(user_id=user.id, result=SignInRecord.Result.SIGNED_IN)
    return not earlier.exists() or earlier.filter(device=visit.device.name).exists()


def _keep(request: HttpRequest, entering: Entering) -> None:
    at = (request.session.get(KEY) or {}).get("at") or clock.now().isoformat()
    request.session[KEY] = {
        "user": entering.user.id,
        "hash": entering.user.get_session_auth_hash(),
        "next": entering.next,
        "factor": entering.factor,
        "at": at,
    }


def _tell_of_new_device(user: User, visit: Visit) -> None:
    text = _(
        "В дневник вошли с нового устройства: %(device)s, адрес %(ip)s. Номер вашей учётной записи: %(number)s."
        " Если это были не вы, смените пароль и завершите все входы."
    )
    told = {"device": visit.device.name or _("неизвестное"), "ip": visit.ip or "—", "number": user.shown_number}
    tell_owner(user, _("Вход с нового устройства"), text % told)


def has_ready_factor(user: User) -> bool:
    """Whether a second factor has to be asked for."""
    return Factor.objects.ready().filter(user=user).exists()


def entering_actor(request: HttpRequest, entering: Entering) -> Actor:
    """The person on the way in, as deeds see them."""
    user = User.objects.with_roles().get(id=entering.user.id)
    return user.as_actor(ip_of(request))


def may_skip_phone(user: User) -> bool:
    """Pupils often have no phone of their own (A16); everybody else confirms one (A3)."""
    roles = set(RoleGrant.objects.filter(user_id=user.id).values_list("role", flat=True))
    return roles == {Role.STUDENT}
