"""What stands around every answer: security headers, and refusals turned into pages or JSON."""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Callable
from typing import Any, cast

import brotli
from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from diary.foundation.core.errors import Refusal
from diary.foundation.core.text import composed
from diary.foundation.ui.errors import error_response, prefers_json

GetResponse = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " font-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
PERSONAL_CONTENT = ("text/html", "application/json")

# In order: the first class that fits gives the status.
STATUS_OF: tuple[tuple[type[Exception], int], ...] = (
    (PermissionDenied, 403),
    (Http404, 404),
    (RequestDataTooBig, 413),
    (TooManyFieldsSent, 413),
    (TooManyFilesSent, 413),
    (SuspiciousOperation, 400),
)


class SecurityHeaders:
    """Strict headers on every answer; a view that sets one itself keeps its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.headers.get("Content-Type", "").startswith(PERSONAL_CONTENT):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Utf8Forms:
    """Forms are read as UTF-8, which our pages send, whatever charset a request claims.

    Codecs such as unicode_escape make characters that no page can be written with.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = settings.DEFAULT_CHARSET
        compose_fields(request)
        return self.get_response(request)


def compose_fields(request: HttpRequest) -> None:
    """Fields of addresses and forms have composed letters (NFC), whatever keyboard or clipboard they came from (F9).

    A form is still read only when a page asks for it.
    """
    query = request.META.get("QUERY_STRING", "")
    if "%" in query or not query.isascii():
        request.GET = _composed(request.GET)  # type: ignore[assignment]
    read = cast(Any, request)._load_post_and_files

    def read_composed() -> None:
        read()
        cast(Any, request)._post = _composed(cast(Any, request)._post)

    cast(Any, request)._load_post_and_files = read_composed


def _composed(fields: QueryDict) -> QueryDict:
    found = QueryDict(mutable=True, encoding=fields.encoding)
    for name, values in fields.lists():
        found.setlist(composed(name), [composed(value) for value in values])
    found._mutable = False
    return found


COMPRESSED_CONTENT = (*PERSONAL_CONTENT, "text/", "image/svg", "application/manifest")
SMALLEST_COMPRESSED = 600  # bytes
LARGEST_PADDING = 100  # bytes


class ReadersLanguage:
    """Russian for everybody whose cookie says nothing else and whose browser does not put English first.

    Django's own middleware would give English to a browser that asks for `de, en`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = readers_language(request)
        translation.activate(language)
        cast(Any, request).LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


def readers_language(request: HttpRequest) -> str:
    """The code of the language in which the reader gets pages."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in dict(settings.LANGUAGES):
        return str(chosen)
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    is_english = bool(wanted) and wanted[0][0].split("-")[0] == "en"
    return "en" if is_english else settings.LANGUAGE_CODE


class Compression:
    """Pages leave as brotli or gzip, at the fastest level: 58 kB of a journal become 7 kB in 0.1 ms.

    A header of random length blurs what the size of a compressed page could tell about secrets in it (BREACH); the
    CSRF token is masked anew in every answer besides. Static files are compressed when they are collected.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.streaming
            or len(response.content) < SMALLEST_COMPRESSED
            or response.has_header("Content-Encoding")
            or not response.headers.get("Content-Type", "").startswith(COMPRESSED_CONTENT)
        ):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        accepted = request.headers.get("Accept-Encoding", "")
        if BROTLI.search(accepted):
            content, encoding = brotli.compress(response.content, quality=1), "br"
        elif GZIP.search(accepted):
            content, encoding = zlib.compress(response.content, level=1, wbits=31), "gzip"
        else:
            return response
        response.content = content
        response.headers["Content-Length"] = str(len(content))
        response.headers["Content-Encoding"] = encoding
        response.headers["X-Padding"] = secrets.token_hex(LARGEST_PADDING // 2)[: secrets.randbelow(LARGEST_PADDING)]
        return response


class RefusalMiddleware:
    """Answers a refused deed with its sentence and status; gives scripts JSON for Django's own refusals too, and people
    a page where Django says nothing: at an address that only takes forms."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code == 405 and not answer.content and request.method == "GET":
            said = error_response(request, 405)
            said["Allow"] = answer["Allow"]
            return said
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return error_response(request, exception.status, sentence=exception.sentence, extra=exception.extra)
        if not prefers_json(request):
            return None
        status = next((status for kind, status in STATUS_OF if isinstance(exception, kind)), None)
        return None if status is None else error_response(request, status)
