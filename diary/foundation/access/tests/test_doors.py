"""Doors: who is let in, who is sent where, and in which scope the view runs."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from diary.foundation.access.actor import ANONYMOUS, FAMILY_ROLES, Actor, Role, RoleIn
from diary.foundation.access.doors import SwitchedOff, page, public, wants_json
from diary.foundation.access.permissions import SIGNED_IN, Permission, permission
from diary.foundation.access.scope import current_scope

JOURNAL_READ = permission("gradebook.journal.read", Role.TEACHER)
ANNA = Actor(
    user_id=1, roles=frozenset({RoleIn(1, Role.TEACHER), RoleIn(3, Role.GUARDIAN)}), factor_at=dt.datetime.now(dt.UTC)
)
MASHA = Actor(user_id=2, roles=frozenset({RoleIn(1, Role.STUDENT)}))
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@page(JOURNAL_READ)
def journal(request: HttpRequest) -> HttpResponse:
    """The journal."""
    return HttpResponse(repr(current_scope()))


@public("everyone may look at the front page")
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("welcome")


def request_of(actor: Actor | None, method: str = "GET", **kwargs: object) -> HttpRequest:
    request = RequestFactory().generic(method, "/journal/?period=1", **kwargs)  # type: ignore[arg-type]
    if actor is not None:
        request.actor = actor  # type: ignore[attr-defined]
    return request


@pytest.mark.django_db
def test_holder_of_the_permission_enters_with_all_own_schools_in_scope() -> None:
    assert journal(request_of(ANNA)).content == b"(1, 3)"
    assert current_scope() == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "may"), [("GET", "anna"), ("HEAD", "anna"), ("POST", "masha"), ("PUT", "masha"), ("DELETE", "masha")]
)
def test_door_with_two_permissions_asks_by_method(method: str, may: str) -> None:
    """C7: reading and writing through one address are two permissions."""
    door = page(JOURNAL_READ, writes=permission("gradebook.mark.set", Role.STUDENT))(front)
    for name, actor in (("anna", ANNA), ("masha", MASHA)):
        if name == may:
            assert door(request_of(actor, method)).content == b"welcome"
        else:
            with pytest.raises(PermissionDenied):
                door(request_of(actor, method))


def test_wrong_role_is_refused() -> None:
    with pytest.raises(PermissionDenied):
        journal(request_of(MASHA))


@pytest.mark.parametrize("nobody", [ANONYMOUS, None])
def test_person_without_a_session_is_shown_the_way_in_and_back(nobody: Actor | None) -> None:
    answer = journal(request_of(nobody, headers={"accept": BROWSER}))
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/journal/%3Fperiod%3D1")


def test_form_sent_without_a_session_is_not_sent_again_after_signing_in() -> None:
    answer = journal(request_of(ANONYMOUS, "POST", headers={"accept": BROWSER}))
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")


@pytest.mark.parametrize(
    "given", [{"headers": {"accept": "application/json"}}, {"data": "{}", "content_type": "application/json"}]
)
def test_script_without_a_session_gets_401_and_a_sentence(given: dict[str, object]) -> None:
    answer = journal(request_of(ANONYMOUS, "PUT", **given))
    content = json.loads(answer.content)
    assert answer.status_code == 401
    assert content["sign_in"] == "/sign-in/"
    assert "Войдите снова" in content["message"]


def test_public_door_lets_everyone_in() -> None:
    assert front(request_of(None)).content == b"welcome"


def test_door_shows_what_it_declares_and_keeps_the_views_name() -> None:
    assert journal.door is JOURNAL_READ  # type: ignore[attr-defined]
    assert front.door == "everyone may look at the front page"  # type: ignore[attr-defined]
    assert (journal.__name__, journal.__doc__) == ("journal", "The journal.")


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("application/json", True),
        ("application/json, text/html;q=0.5", True),
        (BROWSER, False),
        ("*/*", False),
        ("", False),
        ("image/png", False),
        (";;;,,", False),
    ],
)
def test_reader_is_told_by_what_it_accepts(accept: str, is_json: bool) -> None:
    assert wants_json(request_of(None, headers={"accept": accept})) is is_json


DIARY_READ = permission("home.diary.read", Role.STUDENT, Role.GUARDIAN)
HOMEWORK_READ = permission("homework.read", Role.STUDENT, Role.TEACHER)


@pytest.mark.parametrize(
    ("needed", "actor", "is_off"),
    [
        (DIARY_READ, MASHA, True),
        (DIARY_READ, ANNA, True),
        (HOMEWORK_READ, MASHA, True),
        (HOMEWORK_READ, ANNA, False),
        (JOURNAL_READ, ANNA, False),
        (SIGNED_IN, MASHA, False),
    ],
)
@pytest.mark.django_db
def test_switched_off_roles_open_no_door(needed: Permission, actor: Actor, is_off: bool) -> None:
    door = page(needed)(front)
    assert door(request_of(actor)).content == b"welcome"
    off = request_of(replace(actor, hidden_roles=FAMILY_ROLES))
    if is_off:
        with pytest.raises(SwitchedOff) as refused:
            door(off)
        assert refused.value.extra == {"way_out": "/settings/services/"}
    else:
        assert door(off).content == b"welcome"
