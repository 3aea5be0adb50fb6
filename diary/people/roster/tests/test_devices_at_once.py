"""A child's device when many come at the same moment, in real threads over committed rows (A16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

import pytest
from pytest_django.plugin import DjangoDbBlocker

from diary.foundation.access.actor import Actor
from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.people.door.rules.devices import Device
from diary.people.roster.actions import Bound, Entry, PassSpent, bind_device, come_in_by_device, issue_pass
from diary.people.roster.models import ChildDevice, DevicePass
from diary.people.roster.queries.devices import find_pass
from tests.committed import at_once, committed_copy
from tests.people import NOW, Cast

NOBODY = Actor(ip="127.0.0.1")
PIN = "1357"


@pytest.fixture
def committed(_cast: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), committed_copy("devices"):
        yield _cast


def the_pass(cast: Cast) -> DevicePass:
    with school_scope({cast.school.id}):
        found = find_pass(issue_pass(cast.actor("olga"), cast.masha))
    assert found is not None
    return found


def bind(child_pass: DevicePass) -> Bound | None:
    try:
        bound: Bound = bind_device(NOBODY, child_pass, device=Device("Chrome", "phone"), pin=PIN, parallel=7)
    except PassSpent:
        return None
    return bound


def test_one_qr_scanned_by_fifty_binds_one(committed: Cast) -> None:
    bound = at_once([partial(bind, the_pass(committed))] * 50)
    assert sum(one is not None for one in bound) == 1
    assert ChildDevice.objects.count() == 1


def test_fifty_pins_at_once_are_five_at_most(committed: Cast) -> None:
    bound = bind(the_pass(committed))
    assert bound is not None
    guesses = [f"{number:04}" for number in range(2000, 2049)]
    entries = at_once([partial(come_in_by_device, NOBODY, bound.device, pin=guess) for guess in guesses])
    assert entries.count(Entry.WRONG_PIN) == 4
    assert entries.count(Entry.LOCKED_OUT) == len(guesses) - 4
    with clock.fixed(NOW + dt.timedelta(minutes=1)):
        assert come_in_by_device(NOBODY, bound.device, pin=PIN) is Entry.LOCKED_OUT
