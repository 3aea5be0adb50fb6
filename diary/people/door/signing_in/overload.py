"""The sign-in page for when too many are at the door: made once, filled in outside Django, the login kept (A13)."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.utils import translation
from markupsafe import Markup

from diary.foundation.ui.addresses import local_address
from diary.foundation.ui.context import THEME_COOKIE, THEMES
from diary.foundation.ui.middleware import HEADERS, readers_language
from diary.people.door.forms import SignInForm
from diary.people.door.guarding.hashing import Busy
from diary.people.door.guarding.limits import too_many_sentence
from diary.people.door.rules.lockout import Standing

LOGIN, NEXT, TOKEN, PROBLEM = "[[login]]", "[[next]]", "[[token]]", "[[problem]]"


def overload_page(environ: dict[str, Any], status: int, seconds: int) -> tuple[list[tuple[str, str]], bytes]:
    """Headers and body of the sign-in page that says why nobody is let in just now (429 or 503)."""
    request = WSGIRequest(environ)
    request.encoding = settings.DEFAULT_CHARSET
    language = readers_language(request)
    with translation.override(language):
        problem = too_many_sentence(seconds) if status == 429 else Busy().sentence
        page = _page(language, _theme(request))
    typed = _typed(request)
    filled = page.replace(PROBLEM, escape(problem))
    for mark, value in (
        (LOGIN, typed.get("login", "")[:64]),
        (NEXT, local_address(request, typed.get("next")) or settings.LOGIN_REDIRECT_URL),
        (TOKEN, typed.get("csrfmiddlewaretoken", "")[:64]),
    ):
        filled = filled.replace(mark, escape(value))
    kept = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "private, no-store"}
    headers = HEADERS | kept | {"Retry-After": str(seconds), "Content-Language": language}
    return list(headers.items()), filled.encode()


@cache
def _page(language: str, theme: str) -> str:
    request = HttpRequest()
    request.method, request.path = "GET", settings.LOGIN_URL
    request.META |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    context = {
        "csrf_input": Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(TOKEN),
        "csrf_token": TOKEN,
        "form": SignInForm(initial={"login": LOGIN}),
        "next": NEXT,
        "hints": [],
        "providers": [],
        "outbox_url": "",
        "problem": PROBLEM,
        "standing": Standing.OPEN.value,
        "theme": theme,
    }
    return render_to_string("door/sign_in.html", context, request)


def _theme(request: WSGIRequest) -> str:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else THEMES[0]


def _typed(request: WSGIRequest) -> dict[str, str]:
    try:
        return {name: str(request.POST.get(name, "")) for name in ("login", "next", "csrfmiddlewaretoken")}
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError, ValueError):
        return {}
