"""The menu of a person."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.urls import path

from diary.foundation.access.actor import Actor, Role, RoleIn
from diary.foundation.access.doors import public
from diary.foundation.ui.menu import MenuEntry, entries_for, menu_for, menu_overflow

PLACES = ["home", "diary", "marks", "tasks", "timetable", "messages", "more"]


@public("a place of this test")
def place(request):  # type: ignore[no-untyped-def]
    raise AssertionError("never called")


urlpatterns = [path("" if name == "home" else f"{name}/", place, name=name) for name in PLACES]


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


def test_menu_keeps_six_and_always_the_last_one() -> None:
    registry = [entry(name, position) for position, name in enumerate(PLACES)]
    student = person(Role.STUDENT)
    assert [link.icon for link in menu_for(student, "/", registry)] == [*PLACES[:5], "more"]
    assert [one.url_name for one in menu_overflow(student, registry)] == ["messages"]


@pytest.mark.parametrize(
    ("current_path", "current"),
    [("/diary/", "diary"), ("/diary/2026-11-23/", "diary"), ("/", "home"), ("/unknown/", None)],
)
def test_current_place_is_the_longest_that_holds_the_path(current_path: str, current: str | None) -> None:
    registry = [entry("home", 0), entry("diary", 1)]
    found = [link.icon for link in menu_for(person(Role.STUDENT), current_path, registry) if link.is_current]
    assert found == ([current] if current else [])
