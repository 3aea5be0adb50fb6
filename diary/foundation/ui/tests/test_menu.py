"""The menu of a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import override_settings
from django.urls import include, path

from diary.foundation.access.actor import FAMILY_ROLES, Actor, Role, RoleIn
from diary.foundation.access.doors import public
from diary.foundation.core.registry import Registry
from diary.foundation.ui.menu import (
    MenuEntry,
    PersonLink,
    entries_for,
    menu_for,
    person_links_for,
    rest_of_menu,
)

PLACES = ["home", "diary", "marks", "tasks", "timetable", "messages", "places"]


@public("a place of this test")
def place(request):  # type: ignore[no-untyped-def]
    raise AssertionError("never called")


shell = ([path("more/", place, name="more")], "ui")
urlpatterns = [
    path("", include(shell)),
    *(path("" if name == "home" else f"{name}/", place, name=name) for name in PLACES),
]


def entry(url_name: str, position: int, *roles: str) -> MenuEntry:
    return MenuEntry(url_name.title(), url_name, url_name, frozenset(roles or {"student"}), position)


def person(*roles: Role) -> Actor:
    return Actor(user_id=1, roles=frozenset(RoleIn(1, role) for role in roles))


@pytest.fixture(autouse=True)
def places():  # type: ignore[no-untyped-def]
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_menu_shows_entries_of_own_roles_in_order() -> None:
    registry = [entry("marks", 2), entry("diary", 1), entry("tasks", 0, "teacher")]
    assert [link.url for link in menu_for(person(Role.STUDENT), "/", registry)] == ["/diary/", "/marks/"]


def test_visitor_has_no_menu() -> None:
    assert menu_for(Actor(), "/", [entry("diary", 1)]) == []


def test_person_of_two_roles_sees_each_place_once() -> None:
    registry = [entry("diary", 1, "guardian"), entry("diary", 2, "teacher"), entry("tasks", 3, "teacher")]
    found = entries_for(person(Role.GUARDIAN, Role.TEACHER), registry)
    assert [one.url_name for one in found] == ["diary", "tasks"]


def test_menu_has_six_places_and_the_rest_stands_under_more() -> None:
    """W12: nothing ever vanishes."""
    registry = [entry(name, position) for position, name in enumerate(PLACES)]
    student = person(Role.STUDENT)
    assert [link.url for link in menu_for(student, "/", registry)][-2:] == ["/timetable/", "/more/"]
    assert [link.url for link in rest_of_menu(student, registry)] == ["/messages/", "/places/"]
    assert menu_for(student, "/messages/", registry)[-1].is_current
    assert rest_of_menu(student, registry[:6]) == []


def test_work_comes_first_and_the_family_second() -> None:
    registry = [entry("diary", 1, "guardian", "student"), entry("tasks", 30, "teacher")]
    both = person(Role.GUARDIAN, Role.TEACHER)
    assert [link.url for link in menu_for(both, "/", registry)] == ["/tasks/", "/diary/"]


@pytest.mark.parametrize(
    ("current_path", "current"),
    [("/diary/", "diary"), ("/diary/2026-11-23/", "diary"), ("/", "home"), ("/unknown/", None)],
)
def test_current_place_is_the_longest_that_holds_the_path(current_path: str, current: str | None) -> None:
    registry = [entry("home", 0), entry("diary", 1)]
    found = [link.icon for link in menu_for(person(Role.STUDENT), current_path, registry) if link.is_current]
    assert found == ([current] if current else [])


def test_roles_that_are_switched_off_have_no_entries() -> None:
    registry = [entry("diary", 1), entry("tasks", 2, "teacher")]
    both = replace(person(Role.STUDENT, Role.TEACHER), hidden_roles=FAMILY_ROLES)
    assert [link.url for link in menu_for(both, "/", registry)] == ["/tasks/"]


def test_links_of_the_person_are_for_everybody_or_for_some_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    links = Registry[PersonLink]("links of this test")
    links.add("all", PersonLink("Everybody", "places", "places"))
    links.add("pupils", PersonLink("Pupils", "diary", "diary", frozenset({"student"})))
    monkeypatch.setattr("diary.foundation.ui.menu.person_links", links)
    assert [(link.url, link.is_current) for link in person_links_for(person(Role.TEACHER), "/places/")] == [
        ("/places/", True)
    ]
    off = replace(person(Role.STUDENT), hidden_roles=FAMILY_ROLES)
    assert [link.url for link in person_links_for(off, "/")] == ["/places/", "/diary/"], (
        "or it could not be switched on"
    )
