"""The owner is told at the next visit which new devices have come in since the last one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from diary.people.accounts.models import User
from diary.people.door.models import SignInRecord
from diary.people.door.sessions.new_devices import devices_to_tell_of, forget_devices, remember_new_devices
from tests.people import NOW, Cast

HOUR = dt.timedelta(hours=1)
HOME, PHONE, STRANGE = "Chrome, Windows", "Safari, iOS", "Opera, Linux"


@pytest.fixture
def anna(cast: Cast) -> User:
    return cast.users["anna"]


def came(user: User, device: str, hours: int, result: str = "signed_in") -> None:
    SignInRecord.objects.create(user_id=user.id, at=NOW + hours * HOUR, device=device, result=result)


def told(user: User, device: str = HOME) -> list[str]:
    session: dict[str, Any] = {}
    remember_new_devices(session, user, device)
    return devices_to_tell_of(session, "Europe/Moscow")


def test_device_that_came_in_for_the_first_time_is_told(anna: User) -> None:
    came(anna, HOME, 0)
    came(anna, STRANGE, 1)
    came(anna, STRANGE, 2)
    assert told(anna) == ["Opera, Linux, 14 октября 13:00"]


def test_device_known_from_before_is_not(anna: User) -> None:
    came(anna, PHONE, -5)
    came(anna, HOME, 0)
    came(anna, PHONE, 1)
    assert told(anna) == []


def test_each_browser_is_told_once(anna: User) -> None:
    came(anna, HOME, 0)
    came(anna, STRANGE, 1)
    came(anna, HOME, 2)
    assert told(anna) == []


def test_tries_that_failed_and_other_people_are_not_told(anna: User, cast: Cast) -> None:
    came(anna, HOME, 0)
    came(anna, STRANGE, 1, "wrong_password")
    came(cast.users["boris"], STRANGE, 1)
    assert told(anna) == []


def test_new_device_itself_is_told_nothing(anna: User) -> None:
    came(anna, HOME, 0)
    assert told(anna, STRANGE) == []


def test_nameless_device_has_a_name_here(anna: User) -> None:
    came(anna, HOME, 0)
    came(anna, "", 1)
    assert told(anna) == ["неизвестное устройство, 14 октября 13:00"]


def test_what_was_seen_is_forgotten(anna: User) -> None:
    session: dict[str, Any] = {"new_devices": [[STRANGE, NOW.isoformat()]]}
    forget_devices(session)
    forget_devices(session)
    assert devices_to_tell_of(session, "Europe/Moscow") == []
