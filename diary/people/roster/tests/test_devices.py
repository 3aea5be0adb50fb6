"""A child's own device: QR, binding, PIN, taking back (A16)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.foundation.access.actor import Actor, Role
from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.foundation.post.models import OutgoingMessage
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.models import Session
from diary.people.door.rules.devices import Device
from diary.people.door.sessions.revocation import revoke_all
from diary.people.roster.actions import (
    BadPin,
    Bound,
    Entry,
    NotAChild,
    PassSpent,
    bind_device,
    come_in_by_device,
    issue_pass,
    revoke_device,
)
from diary.people.roster.forgetting import forget_passes
from diary.people.roster.models import ChildDevice, DevicePass, Guardian, Student
from diary.people.roster.queries.devices import find_device, find_pass
from tests.committed import open_session
from tests.people import NOW, Cast

TABLET = Device("Chrome, Android", "tablet")
NOBODY = Actor(ip="127.0.0.1")
PIN = "1357"
MINUTE = dt.timedelta(minutes=1)


def issue(cast: Cast, student: Student | None = None, who: str = "olga") -> DevicePass:
    found = find_pass(issue_pass(cast.actor(who), student or cast.masha))
    assert found is not None
    return found


def bind(child_pass: DevicePass, pin: str = PIN, parallel: int | None = 7) -> Bound:
    bound: Bound = bind_device(NOBODY, child_pass, device=TABLET, pin=pin, parallel=parallel)
    return bound


def with_session(device: ChildDevice) -> str:
    """The key of a session that the device has."""
    key = open_session(device.user)
    device.session_handle = Session.objects.with_secret(key).get().handle
    device.save(update_fields=["session_handle"])
    return key


def test_qr_binds_the_child_account(cast: Cast) -> None:
    bound = bind(issue(cast))
    assert bound.device.user == cast.users["masha"]
    assert find_device(bound.secret) == bound.device
    event = AuditEvent.objects.filter(action="roster.bind_device").latest("id")
    assert event.details["issued_by"] == cast.users["olga"].id
    assert bound.secret not in str(event.details)


def test_pupil_without_account_gets_one_with_nothing_but_the_role(cast: Cast) -> None:
    Guardian.objects.create(school=cast.school, user=cast.users["igor"], student=cast.vanya_1a, external_id="v")
    user = bind(issue(cast, cast.vanya_1a, "igor"), parallel=1).device.user
    assert (user.login, user.phone, user.email, user.has_usable_password()) == ("malyshev_i", "", "", False)
    assert [(grant.role, grant.school_id) for grant in RoleGrant.objects.filter(user=user)] == [
        (Role.STUDENT, cast.school.id)
    ]
    cast.vanya_1a.refresh_from_db()
    assert cast.vanya_1a.user == user


def test_login_of_a_namesake_gets_a_number(cast: Cast) -> None:
    User.objects.create(login="Malyshev_I", last_name="Малышев", first_name="Игнат", password="!")
    Guardian.objects.create(school=cast.school, user=cast.users["igor"], student=cast.vanya_1a, external_id="v")
    assert bind(issue(cast, cast.vanya_1a, "igor"), parallel=1).device.user.login == "malyshev_i2"


@pytest.mark.parametrize("who", ["masha", "igor", "anna", "vera", "gleb", "chuzhoy_admin"])
def test_nobody_but_a_guardian_with_full_rights_makes_a_qr(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied), transaction.atomic():
        issue_pass(cast.actor(who), cast.masha)


@pytest.mark.parametrize("rights", ["read", "none"])
def test_guardian_who_only_reads_makes_no_qr(cast: Cast, rights: str) -> None:
    Guardian.objects.filter(school_id=cast.school.id, user=cast.users["pavel"]).update(rights=rights)
    with pytest.raises(PermissionDenied), transaction.atomic():
        issue_pass(cast.actor("pavel"), cast.masha)


def test_qr_never_opens_an_account_with_other_roles(cast: Cast) -> None:
    child_pass = issue(cast)
    RoleGrant.objects.create(user=cast.users["masha"], school=cast.school, role=Role.TEACHER)
    with pytest.raises(NotAChild), transaction.atomic():
        bind(child_pass)
    with pytest.raises(NotAChild), transaction.atomic():
        issue_pass(cast.actor("olga"), cast.masha)


def test_qr_binds_once(cast: Cast) -> None:
    child_pass = issue(cast)
    stale = DevicePass.objects.get(id=child_pass.id)
    bind(child_pass)
    with pytest.raises(PassSpent), transaction.atomic():  # read while it was open, used after somebody else
        bind(stale)
    with pytest.raises(PermissionDenied), transaction.atomic():
        bind(DevicePass.objects.get(id=child_pass.id))


def test_qr_dies_after_ten_minutes_and_with_the_next_one(cast: Cast) -> None:
    first = issue(cast)
    issue(cast)
    first.refresh_from_db()
    assert not first.is_open
    last = issue(cast)
    with clock.fixed(NOW + 10 * MINUTE), pytest.raises(PermissionDenied):
        bind(last)


def test_qr_dies_when_the_parent_loses_full_rights(cast: Cast) -> None:
    child_pass = issue(cast)
    Guardian.objects.filter(school_id=cast.school.id, user=cast.users["olga"]).update(rights="read")
    with pytest.raises(PassSpent), transaction.atomic():
        bind(child_pass)


@pytest.mark.parametrize(
    ("pin", "parallel"), [("", 1), ("", None), ("12", 7), ("1111", 7), ("3456", 7), ("abcd", 7), ("1357911", 7)]
)
def test_bad_pin_is_refused_and_the_qr_lives(cast: Cast, pin: str, parallel: int | None) -> None:
    child_pass = issue(cast)
    with pytest.raises(BadPin), transaction.atomic():
        bind(child_pass, pin, parallel)
    assert bind(child_pass).device.has_pin


def test_older_pupil_may_go_without_a_pin(cast: Cast) -> None:
    device = bind(issue(cast), pin="").device
    assert not device.has_pin
    assert come_in_by_device(NOBODY, device, pin="") is Entry.IN


def test_new_device_of_the_browser_replaces_the_old_one(cast: Cast) -> None:
    old = bind(issue(cast)).device
    bind_device(NOBODY, issue(cast), device=TABLET, pin=PIN, parallel=7, replaces=old)
    old.refresh_from_db()
    assert old.revoked_why == "replaced"


def test_guardians_hear_of_a_new_device(cast: Cast) -> None:
    bind(issue(cast))
    told = {message.address: message.text for message in OutgoingMessage.objects.all()}
    assert set(told) == {cast.users["olga"].phone, cast.users["pavel"].phone}
    assert all("Chrome, Android" in text for text in told.values())


def test_fifth_wrong_pin_in_a_row_takes_the_device_back(cast: Cast) -> None:
    device = bind(issue(cast)).device
    key = with_session(device)
    entries = [come_in_by_device(NOBODY, device, pin="0000") for _try in range(4)]
    assert entries == [Entry.WRONG_PIN] * 4
    assert come_in_by_device(NOBODY, device, pin="0000") is Entry.LOCKED_OUT
    device.refresh_from_db()
    assert device.revoked_why == "wrong_pins"
    assert not Session.objects.with_secret(key).exists()
    with pytest.raises(PermissionDenied), transaction.atomic():
        come_in_by_device(NOBODY, device, pin=PIN)
    texts = [message.text for message in OutgoingMessage.objects.filter(kind="sms")]
    assert any("пять раз" in text for text in texts)


def test_right_pin_forgives_the_wrong_ones(cast: Cast) -> None:
    device = bind(issue(cast)).device
    for _round in range(3):
        for _try in range(4):
            assert come_in_by_device(NOBODY, device, pin="0000") is Entry.WRONG_PIN
        assert come_in_by_device(NOBODY, device, pin=PIN) is Entry.IN


@pytest.mark.parametrize("pin", ["", "13570", "135", " 1357", "1357\0"])
def test_almost_the_pin_is_wrong(cast: Cast, pin: str) -> None:
    assert come_in_by_device(NOBODY, bind(issue(cast)).device, pin=pin) is Entry.WRONG_PIN


def test_closed_account_is_not_let_in(cast: Cast) -> None:
    device = bind(issue(cast)).device
    User.objects.filter(id=cast.users["masha"].id).update(is_active=False)
    assert come_in_by_device(NOBODY, device, pin=PIN) is Entry.CLOSED


def test_parent_takes_the_device_back_with_its_session(cast: Cast) -> None:
    device = bind(issue(cast)).device
    key, other = with_session(device), open_session(cast.users["masha"])
    revoke_device(cast.actor("pavel"), device)
    assert not Session.objects.with_secret(key).exists()
    assert Session.objects.with_secret(other).exists(), "the child's other browsers stay"
    with pytest.raises(PermissionDenied), transaction.atomic():
        come_in_by_device(NOBODY, ChildDevice.objects.get(id=device.id), pin=PIN)
    assert AuditEvent.objects.filter(action="roster.revoke_device").exists()


@pytest.mark.parametrize("who", ["masha", "igor", "anna", "gleb", "chuzhoy_admin"])
def test_nobody_else_takes_the_device_back(cast: Cast, who: str) -> None:
    device = bind(issue(cast)).device
    with pytest.raises(PermissionDenied), transaction.atomic():
        revoke_device(cast.actor(who), device)


def test_lost_phone_takes_devices_and_open_passes(cast: Cast) -> None:
    device, child_pass = bind(issue(cast)).device, issue(cast)
    assert revoke_all(cast.users["masha"].id)["child devices"] == 1
    device.refresh_from_db()
    assert device.revoked_why == "lost"
    revoke_all(cast.users["olga"].id)
    child_pass.refresh_from_db()
    assert not child_pass.is_open


def test_ended_session_takes_only_its_device(cast: Cast) -> None:
    first, second = bind(issue(cast)).device, bind(issue(cast)).device
    with_session(first)
    revoke_all(cast.users["masha"].id, first.session_handle)
    assert list(ChildDevice.objects.bound().filter(user=cast.users["masha"])) == [second]


def test_spent_passes_are_forgotten_a_day_later(cast: Cast) -> None:
    bind(issue(cast))
    with clock.fixed(NOW + dt.timedelta(days=1)):
        assert forget_passes() == 0
    with clock.fixed(NOW + dt.timedelta(days=1, minutes=11)):
        assert forget_passes() == 1
    assert not DevicePass.objects.exists()
