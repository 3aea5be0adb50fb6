"""The first lock: every view says who may enter, and start-up fails on one that does not."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.checks import Error, register
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _

from diary.foundation.access.actor import ANONYMOUS, Actor
from diary.foundation.access.permissions import Permission
from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.foundation.core.errors import Refusal
from diary.foundation.core.lasting import lasting_writes

ORDINARY_BODY = 2 * 1024 * 1024  # bytes that somebody who is in may send to a door that says nothing else
FRESH_FOR = dt.timedelta(minutes=15)  # how long a proved second factor opens final marks and security pages

READING = ("GET", "HEAD", "OPTIONS")
View = Callable[..., HttpResponseBase]


class ActorRequest(HttpRequest):
    """A request behind a door: the actor is known."""

    actor: Actor


class SwitchedOff(Refusal):
    """The person has switched the service off whose page this is (A11)."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "«Электронный дневник» выключен в ваших настройках, поэтому его страницы не открываются. Включите его:"
                " всё, что в нём было, на месте."
            ),
            way_out=settings.SERVICES_URL,
        )


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer is read by a script of ours and not by a person."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def page(
    needed: Permission,
    *,
    fresh: bool = False,
    writes: Permission | None = None,
    largest_body: int = ORDINARY_BODY,
) -> Callable[[View], View]:
    """Let in those who hold the permission; the view runs in one transaction with their schools in scope.

    A door that is read and written through has two: `needed` for GET and HEAD, `writes` for every other method.

    An anonymous visitor goes to the sign-in page (a script gets 401), a wrong role gets 403. Who still has to prove a
    second factor (staff; with `fresh` everybody whose proof is older than 15 minutes) goes there and back. Who has
    switched the service off is told where to switch it on. `largest_body` is how many bytes the door takes; more is
    refused before it is read (config.bodies).
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor = getattr(request, "actor", ANONYMOUS)
            wanted = needed if writes is None or request.method in READING else writes
            if not actor.is_authenticated:
                return to_sign_in(request)
            if not wanted.is_held_by(actor):
                raise PermissionDenied
            if wanted.is_switched_off(actor):
                raise SwitchedOff
            must_be_fresh = fresh or wanted.needs_fresh_factor
            if not wanted.opens_without_factor and not has_factor(actor, fresh=must_be_fresh):
                return to_second_factor(request)
            with lasting_writes() as around, school_scope(actor.school_ids):
                answer = view(request, *args, **kwargs)
                around.is_undone = connection.needs_rollback
                return answer

        guarded.door = needed  # type: ignore[attr-defined]
        guarded.writing_door = writes or needed  # type: ignore[attr-defined]
        guarded.needs_fresh_factor = fresh or needed.needs_fresh_factor  # type: ignore[attr-defined]
        guarded.largest_body = largest_body  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(why: str) -> Callable[[View], View]:
    """Let everyone in, and say why that is right."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        opened.door = why  # type: ignore[attr-defined]
        return opened

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way in: a page for a person (and back afterwards), 401 for a script."""
    if wants_json(request) or request.content_type == "application/json":
        sentence = _("Сессия закончилась. Войдите снова: введённое сохранено на этом устройстве.")
        return JsonResponse({"message": sentence, "sign_in": settings.LOGIN_URL}, status=401)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def has_factor(actor: Actor, *, fresh: bool = False) -> bool:
    """Whether the second factor is as this door wants it: proved by staff, and lately where `fresh` is wanted (A5)."""
    if fresh:
        return actor.factor_at is not None and clock.now() - actor.factor_at < FRESH_FOR
    return actor.factor_at is not None or not actor.is_staff


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """The way to the second factor and back. A form travels along (307) and can be sent on afterwards."""
    here = request.get_full_path()
    address = f"{settings.SECOND_FACTOR_URL}?{urlencode({'next': here})}"
    if wants_json(request) or request.content_type == "application/json":
        sentence = _("Подтвердите вход ещё раз: откройте страницу подтверждения и повторите действие.")
        return JsonResponse({"message": sentence, "confirm": settings.SECOND_FACTOR_URL}, status=403)
    return HttpResponseRedirect(address, preserve_request=request.method == "POST")


def all_doors(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str, View]]:
    """Every URL of the project: (path pattern, full name, view)."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            namespace = f"{entry.namespace}:" if entry.namespace else ""
            for inner_path, name, view in all_doors(entry, path):
                yield inner_path, namespace + name, view
        elif isinstance(entry, URLPattern):
            yield path, entry.name or "", entry.callback


@register("access")
def check_doors(**_: Any) -> list[Error]:
    """System check: a view without @page or @public stops the start."""
    return [
        Error(f"The view of {path!r} declares neither @page nor @public.", id="access.E001")
        for path, _name, view in all_doors()
        if not hasattr(view, "door")
    ]
