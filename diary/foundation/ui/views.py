"""Doors of the shell: language, theme, the offline page, and what Django shows when a request fails."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST, require_safe

from diary.foundation.access.doors import ActorRequest, page, public
from diary.foundation.access.permissions import SIGNED_IN
from diary.foundation.ui.addresses import local_address
from diary.foundation.ui.context import THEME_COOKIE, THEMES
from diary.foundation.ui.errors import error_response
from diary.foundation.ui.kept_forms import kept_fields
from diary.foundation.ui.menu import rest_of_menu

YEAR_SECONDS = 365 * 24 * 60 * 60


@public("anyone may choose the language of the pages")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and return to where the person was."""
    response = HttpResponseRedirect(local_address(request, request.POST.get("next")) or "/")
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        _remember(request, response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@page(SIGNED_IN)
@require_safe
def more(request: ActorRequest) -> HttpResponse:
    """«Ещё»: the places for which the menu has no room."""
    return render(request, "ui/more.html", {"places": rest_of_menu(request.actor)})


@public("anyone may choose the theme of the pages")
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme in a cookie and return to where the person was."""
    response = HttpResponseRedirect(local_address(request, request.POST.get("next")) or "/")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        _remember(request, response, THEME_COOKIE, theme)
    return response


@public("shown without a network, holds nothing personal")
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/offline.html")


@public("a script of the shell, the same for everyone; it must stand at the root to see all pages")
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the offline page. Never kept by the browser, so that a new one comes at once."""
    with staticfiles_storage.open("ui/sw.js") as script:
        content = script.read()
    return HttpResponse(content, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def error_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return error_413(request) if too_big else error_response(request, 400)


def error_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_response(request, 403)


def error_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_response(request, 404)


def error_409(request: HttpRequest) -> HttpResponse:
    return error_response(request, 409)


def error_413(request: HttpRequest) -> HttpResponse:
    return error_response(request, 413)


def error_429(request: HttpRequest) -> HttpResponse:
    return error_response(request, 429)


def error_500(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return error_503(request)
    return error_response(request, 500)


def error_503(request: HttpRequest) -> HttpResponse:
    """The database is away, or somebody else holds what is needed: the form is kept and can be sent again."""
    answer = error_response(request, 503, kept=kept_fields(request))
    answer["Retry-After"] = "10"
    return answer


def _remember(request: HttpRequest, response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(cookie, value, max_age=YEAR_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax")
