"""One answer to every error: a page for people, JSON for scripts."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from diary.foundation.access.doors import wants_json
from diary.foundation.ui.addresses import previous_page
from diary.foundation.ui.error_texts import COOKIES_TEXT, CSRF_TEXT, ErrorText, error_text

logger = logging.getLogger(__name__)

LAST_RESORT = (
    '<!doctype html><html lang="ru"><meta charset="utf-8"><title>Электронный дневник</title>'
    "<h1>Ошибка на нашей стороне</h1><p>Повторите через минуту.</p>"
    '<p lang="en">Something went wrong. Try again in a minute.</p>'
)


def prefers_json(request: HttpRequest) -> bool:
    """Whether the caller is a script: it sends JSON or would rather have JSON than a page."""
    return request.content_type == "application/json" or wants_json(request)


def error_response(
    request: HttpRequest,
    status: int,
    *,
    sentence: str = "",
    text: ErrorText | None = None,
    extra: Mapping[str, Any] | None = None,
    kept: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The error in the form the caller reads; `sentence` says more exactly what the status only hints at.

    `kept` are the fields of a form that could not be taken just now: the page offers to send them again.
    """
    text = text or error_text(status)
    if prefers_json(request):
        return JsonResponse({**(extra or {}), "message": sentence or f"{text.why} {text.advice}"}, status=status)
    way_out = (extra or {}).get("way_out")
    return HttpResponse(_page(request, status, sentence, text, way_out, kept), status=status)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose token does not match: cookies off, an old page, or a forged request."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and prefers_json(request):
        return error_response(request, 401)  # a script's page whose cookies are gone: signing in again is the way out
    return error_response(request, 403, text=CSRF_TEXT if request.COOKIES else COOKIES_TEXT)


def _page(
    request: HttpRequest,
    status: int,
    sentence: str,
    text: ErrorText,
    way_out: str | None,
    kept: Sequence[tuple[str, str]],
) -> str:
    try:
        context = {
            "status": status,
            "sentence": sentence,
            "text": text,
            "back": previous_page(request),
            "way_out": way_out,
            "kept": kept,
            "again": request.get_full_path(),
        }
        return render_to_string("ui/error.html", context, request)
    except Exception:
        if status < 500:
            raise
        logger.exception("The error page itself failed")
        return LAST_RESORT
