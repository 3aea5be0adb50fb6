"""Switches, error pages and safe ways back."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from diary.foundation.ui import views
from diary.foundation.ui.errors import stale_form

pytestmark = pytest.mark.usefixtures("plain_static_files")


def post(**data: str):  # type: ignore[no-untyped-def]
    return RequestFactory().post("/ui/", data)


def test_theme_is_remembered_and_person_returns() -> None:
    response = views.set_theme(post(theme="dark", next="/diary/?week=2"))
    assert response["Location"] == "/diary/?week=2"
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["httponly"]


@pytest.mark.parametrize("theme", ["", "neon", '"><script>'])
def test_unknown_theme_is_not_remembered(theme: str) -> None:
    assert "theme" not in views.set_theme(post(theme=theme)).cookies


def test_language_is_remembered() -> None:
    response = views.set_language(post(language="en", next="/"))
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert settings.LANGUAGE_COOKIE_NAME not in views.set_language(post(language="tlh")).cookies


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_way_back_never_leaves_the_site(address: str) -> None:
    assert views.set_theme(post(theme="dark", next=address))["Location"] == "/"


def test_switches_want_post() -> None:
    assert views.set_theme(RequestFactory().get("/")).status_code == 405


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (lambda request: views.error_400(request, SuspiciousOperation()), 400),
        (lambda request: views.error_400(request, RequestDataTooBig()), 413),
        (lambda request: views.error_403(request, None), 403),
        (lambda request: views.error_404(request, None), 404),
        (views.error_409, 409),
        (views.error_413, 413),
        (views.error_429, 429),
        (views.error_500, 500),
    ],
)
def test_error_is_a_page_with_a_way_out_and_json_for_scripts(response, status: int) -> None:  # type: ignore[no-untyped-def]
    page = response(RequestFactory().get("/x/"))
    assert page.status_code == status
    assert 'href="/"' in page.content.decode()
    told = response(RequestFactory().get("/x/", headers={"accept": "application/json"}))
    assert told.status_code == status
    assert json.loads(told.content)["message"]


def test_form_without_a_token_is_403_and_a_script_that_lost_its_cookies_must_sign_in() -> None:
    script = RequestFactory().put("/x/", headers={"accept": "application/json"})
    assert stale_form(RequestFactory().post("/x/")).status_code == 403
    assert stale_form(script).status_code == 401
    script.COOKIES["session"] = "a"
    assert stale_form(script).status_code == 403


def test_form_of_a_browser_that_keeps_no_cookies_is_told_so() -> None:
    form = RequestFactory().post("/x/")
    assert "отключены cookie" in stale_form(form).content.decode()
    form.COOKIES["language"] = "ru"
    assert "Форма устарела" in stale_form(form).content.decode()


def test_service_worker_stands_at_the_root_and_is_never_kept(client: Client) -> None:
    answer = client.get("/sw.js")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")
    assert answer["Content-Type"].startswith("text/javascript")


def test_error_page_leads_back_to_a_page_of_ours_only() -> None:
    def page(referrer: str) -> str:
        return views.error_404(RequestFactory().get("/x/", headers={"referer": referrer})).content.decode()

    assert 'href="http://testserver/journal/"' in page("http://testserver/journal/")
    assert "evil.example" not in page("http://evil.example/")
    assert 'href="http://testserver/x/"' not in page("http://testserver/x/")


def test_broken_error_page_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diary.foundation.ui.errors.render_to_string", lambda *_: 1 / 0)
    response = views.error_500(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Повторите через минуту" in response.content.decode()


def test_offline_page_needs_nobody() -> None:
    page = views.offline(RequestFactory().get("/offline/")).content.decode()
    assert "Нет связи" in page
    assert " style=" not in page


def outage(request: HttpRequest) -> HttpResponse:
    """The answer of the error view while the database is away."""
    try:
        raise OperationalError("the connection is lost")
    except OperationalError:
        return views.error_500(request)


def test_database_that_is_away_is_503_and_the_form_can_be_sent_again() -> None:
    """A13: nothing that was typed is lost, and the answer says when to come back."""
    form = RequestFactory().post("/diary/lesson/?a=1", {"topic": "Дроби <b>", "csrfmiddlewaretoken": "x"})
    answer = outage(form)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert 'name="topic" value="Дроби &lt;b&gt;"' in page
    assert 'action="/diary/lesson/?a=1"' in page
    assert "Отправить ещё раз" in page
    assert 'value="x"' not in page


@pytest.mark.parametrize("field", ["password", "new_password", "sms_code", "pin", "typed"])
def test_secret_is_never_written_into_a_page(field: str) -> None:
    page = outage(RequestFactory().post("/x/", {field: "Secret-2026", "login": "olga"})).content.decode()
    assert "Secret-2026" not in page
    assert "Отправить ещё раз" not in page


def test_database_that_is_away_answers_a_script_in_json() -> None:
    answer = outage(RequestFactory().put("/x/", headers={"accept": "application/json"}))
    assert answer.status_code == 503
    assert "message" in answer.content.decode()


def test_outage_before_the_view_is_503_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session is the first thing that is asked of the database."""

    def away(*_: object) -> None:
        raise OperationalError("the connection is lost")

    client = Client(raise_request_exception=False)
    client.cookies["session"] = "somebody"
    with monkeypatch.context() as patched:
        patched.setattr("django.db.backends.utils.CursorWrapper.execute", away)
        assert client.get("/diary/").status_code == 503
