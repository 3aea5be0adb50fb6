"""Errors that are said outside Django, to requests that no page will see."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest
from django.utils import translation

from diary.foundation.ui.context import THEME_COOKIE, theme_of
from diary.foundation.ui.errors import error_response, prefers_json
from diary.foundation.ui.middleware import HEADERS, readers_language


def bare_error(request: HttpRequest, status: int) -> tuple[list[tuple[str, str]], bytes]:
    """Headers and body of an error that is said outside Django, to a request that no page will see. Drawn once for each
    status, language, theme and kind of reader."""
    language = readers_language(request)
    headers, body = _bare(status, language, theme_of(request), prefers_json(request))
    return list(
        (HEADERS | headers | {"Cache-Control": "private, no-store", "Content-Language": language}).items()
    ), body


@cache
def _bare(status: int, language: str, theme: str, is_for_script: bool) -> tuple[dict[str, str], bytes]:
    request = HttpRequest()
    request.method, request.path = "GET", "/"
    request.META |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.COOKIES[THEME_COOKIE] = theme
    if is_for_script:
        request.META["HTTP_ACCEPT"] = "application/json"
    with translation.override(language):
        answer = error_response(request, status)
    return {"Content-Type": answer["Content-Type"]}, answer.content
