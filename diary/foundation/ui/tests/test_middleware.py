"""Security headers, and refusals as pages and as JSON."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from diary.foundation.core.errors import Conflict
from diary.foundation.core.text import composed_all
from diary.foundation.ui.middleware import RefusalMiddleware, SecurityHeaders, Utf8Forms

pytestmark = pytest.mark.usefixtures("plain_static_files")

SENTENCE = "Отметка не поставлена: её изменил Борис. Обновите страницу."


def refused(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    return RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, exception)


def script_request() -> HttpRequest:
    return RequestFactory().get("/", headers={"accept": "application/json"})


def test_refusal_is_a_page_for_a_person() -> None:
    response = refused(RequestFactory().get("/"), Conflict(SENTENCE))
    assert response is not None
    assert response.status_code == 409
    assert SENTENCE in response.content.decode()
    assert response["Content-Type"].startswith("text/html")


def test_refusal_is_json_with_extra_for_a_script() -> None:
    response = refused(script_request(), Conflict(SENTENCE, cells=[1]))
    assert response is not None
    assert response.status_code == 409
    assert json.loads(response.content) == {"message": SENTENCE, "cells": [1]}


def test_body_of_json_is_answered_with_json() -> None:
    request = RequestFactory().post("/", "{}", content_type="application/json")
    response = refused(request, Conflict(SENTENCE))
    assert response is not None
    assert json.loads(response.content)["message"] == SENTENCE


@pytest.mark.parametrize(
    ("exception", "status"),
    [(PermissionDenied(), 403), (Http404(), 404), (RequestDataTooBig(), 413), (SuspiciousOperation("secret"), 400)],
)
def test_refusals_of_django_are_json_for_a_script(exception: Exception, status: int) -> None:
    response = refused(script_request(), exception)
    assert response is not None
    assert response.status_code == status
    assert "secret" not in response.content.decode()


def test_refusals_of_django_are_left_to_its_handlers_for_a_person() -> None:
    assert refused(RequestFactory().get("/"), Http404()) is None


def test_fault_in_the_code_is_not_a_refusal() -> None:
    assert refused(script_request(), ZeroDivisionError()) is None


def test_every_answer_carries_strict_headers() -> None:
    response = SecurityHeaders(lambda _: HttpResponse("<p>"))(RequestFactory().get("/"))
    assert response["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"] == "private, no-store"


def test_view_may_choose_how_long_its_page_is_kept() -> None:
    response = HttpResponse("<p>", headers={"Cache-Control": "public, max-age=60"})
    assert SecurityHeaders(lambda _: response)(RequestFactory().get("/"))["Cache-Control"] == "public, max-age=60"


def test_file_is_not_marked_as_a_page() -> None:
    response = HttpResponse(b"", content_type="image/svg+xml")
    assert "Cache-Control" not in SecurityHeaders(lambda _: response)(RequestFactory().get("/"))


def test_fields_of_forms_and_addresses_have_composed_letters(rf: RequestFactory) -> None:
    """F9: macOS gives «й» as two signs."""
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.extend([request.POST["name"], request.GET["q"], *request.FILES])
        return HttpResponse()

    Utf8Forms(page)(rf.post("/?q=Чаи\u0306кин", {"name": "Чаи\u0306кин"}))
    assert seen == ["Чайкин", "Чайкин"]


def test_json_has_composed_letters() -> None:
    assert composed_all({"и\u0306": ["и\u0306", 1, None, {"a": "и\u0306"}]}) == {"й": ["й", 1, None, {"a": "й"}]}
