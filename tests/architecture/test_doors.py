"""The first lock: a door that says nothing about who may enter stops the start."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from diary.foundation.access.doors import all_doors, page, public
from diary.foundation.access.permissions import SIGNED_IN
from tests.architecture.source import ROOT

TABLE = ROOT / "tests" / "architecture" / "access_matrix.txt"


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("let in")


def urlconf(*patterns: object) -> ModuleType:
    module = ModuleType("urlconf_of_a_test")
    module.urlpatterns = list(patterns)  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(
    "pattern", [path("open/", view), path("deep/", include([path("er/", include([path("open/", view)]))]))]
)
def test_view_without_a_door_stops_the_start(pattern: object) -> None:
    with override_settings(ROOT_URLCONF=urlconf(pattern)), pytest.raises(SystemCheckError, match=r"open/.*@page"):
        call_command("check")


def test_doors_of_both_kinds_pass_the_check() -> None:
    doors = urlconf(path("a/", page(SIGNED_IN)(view)), path("b/", public("it is a test")(view)))
    with override_settings(ROOT_URLCONF=doors):
        assert not [error for error in run_checks() if error.id == "access.E001"]


def test_check_is_there_from_the_first_moment() -> None:
    """Not only after something else has happened to import the doors."""
    look = (
        "import django; django.setup(); from django.core.checks.registry import registry as known;"
        "print('access' in known.tags_available())"
    )
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "True"


def test_every_door_has_a_name_and_every_public_one_a_reason() -> None:
    for pattern, name, door_view in all_doors():
        assert name, f"/{pattern} has no name"
        door = door_view.door  # type: ignore[attr-defined]
        assert not isinstance(door, str) or len(door.split()) > 2, f"/{pattern} is public, but does not say why"


def test_nothing_is_written_through_a_door_that_is_for_reading() -> None:
    """Whoever may read would be able to write as soon as the deed forgets to ask (C7)."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = {tuple(line.split()[:2]) for line in lines if line.startswith("/")}
    written = {path for path, method in rows if method != "GET"}
    reading = [
        f"/{pattern} is written through {door.name}: give it writes=… of its own"
        for pattern, _name, door_view in all_doors()
        for door in [getattr(door_view, "writing_door", None)]
        if f"/{pattern}" in written and door is not None and door.name.endswith(".read")
    ]
    assert written
    assert not reading, "\n".join(reading)
