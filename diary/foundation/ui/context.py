"""What every page needs around its content: who reads, the menu, language, theme, notes of the last deed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from diary.foundation.access.actor import ANONYMOUS, Actor
from diary.foundation.ui.addresses import named_address
from diary.foundation.ui.menu import menu_for, person_links_for
from diary.foundation.ui.reminders import reminders_for

THEMES = ("auto", "light", "dark", "contrast")
THEME_COOKIE = "theme"


@dataclass(frozen=True)
class ChildLink:
    """One child in the switch at the top: full name, class, and this same page about that child."""

    name: str
    class_name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class ChildSwitch:
    """The children of a parent; a view puts it into its context as `child_switch`."""

    children: tuple[ChildLink, ...]

    @property
    def current(self) -> ChildLink | None:
        return next((child for child in self.children if child.is_current), None)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; safe for a request without an actor, as on error pages."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return {
        "actor": actor if actor.is_authenticated else None,
        "menu": SimpleLazyObject(lambda: menu_for(actor, request.path)),
        "person_links": SimpleLazyObject(lambda: person_links_for(actor, request.path)),
        "reminders": SimpleLazyObject(lambda: reminders_for(request)),
        "language": (get_language() or "ru").split("-")[0],
        "theme": theme_of(request),
        "zone": actor.zone,
        "child_switch": None,
        "notes": get_messages(request),
        "here": request.get_full_path() if request.method == "GET" else "/",
        "sign_in_url": resolve_url(settings.LOGIN_URL),
        "sign_out_url": _address("door:sign_out"),
    }


def theme_of(request: HttpRequest) -> str:
    """The theme that the reader has chosen."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def _address(url_name: str) -> str | None:
    """The address of a higher room's page, or nothing where that room is not installed."""
    try:
        return named_address(url_name)
    except NoReverseMatch:
        return None
