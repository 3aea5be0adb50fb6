"""A child's own device: the parent's QR, binding, PIN, taking back (A16)."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.hashers import make_password
from django.db.models import Func, TextField, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.deeds import action
from diary.foundation.access.scope import school_scope
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Conflict
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.rules.devices import Device
from diary.people.roster.models import ChildDevice, DevicePass, Guardian, Student
from diary.people.roster.models.devices import device_index, new_secret, pass_index
from diary.people.roster.notices import told_bound, told_locked_out
from diary.people.roster.policies import can_manage_device, can_use_device, can_use_pass, is_full_guardian
from diary.people.roster.revocation import take_back
from diary.people.roster.rules.logins import Logins, login_base
from diary.people.roster.rules.names import PersonName
from diary.people.roster.rules.pins import WRONG_IN_A_ROW, is_pin, is_weak, needs_pin

PASS_LIVES = dt.timedelta(minutes=10)


class PassSpent(Conflict):
    """The QR binds nothing any more."""


class NotAChild(Conflict):
    """The pupil's account is also somebody else's: a QR must not open it."""


class BadPin(BadInput):
    """The PIN cannot be used; the sentence says why."""


class Entry(StrEnum):
    """How coming in by a device ended."""

    IN = "in"
    WRONG_PIN = "wrong_pin"
    LOCKED_OUT = "locked_out"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Bound:
    """A device, and the secret for its cookie: given once."""

    device: ChildDevice
    secret: str


@action(check=is_full_guardian)
def issue_pass(actor: Actor, student: Student) -> str:
    """The secret of a QR that binds one device of this child within ten minutes; an earlier one dies. Given once."""
    if student.user_id is not None:
        _must_be_a_child(student.user_id)
    now = clock.now()
    own = DevicePass.objects.filter(issued_by_id=actor.person_id, student_id=student.id, used_at=None)
    own.filter(expires_at__gt=now).update(expires_at=now)
    secret = new_secret()
    DevicePass.objects.create(
        secret_index=pass_index(secret),
        school_id=student.school_id,
        student_id=student.id,
        issued_by_id=actor.person_id,
        created_at=now,
        expires_at=now + PASS_LIVES,
    )
    log.note(student)
    return secret


@action(check=can_use_pass)
def bind_device(
    actor: Actor,
    child_pass: DevicePass,
    *,
    device: Device,
    pin: str,
    parallel: int | None,
    replaces: ChildDevice | None = None,
) -> Bound:
    """The device that has scanned the QR becomes the child's. Raises PassSpent, BadPin, NotAChild.

    Nobody is signed in here: the deed is done in the name of the parent's QR, once. A browser is the device of one
    child: what it was before (`replaces`) it no longer is.
    """
    _must_be_good(pin, parallel)
    with school_scope([child_pass.school_id]):
        locked = _open_pass(child_pass)
        student = Student.objects.select_for_update(no_key=True).get(school_id=locked.school_id, id=locked.student_id)
        user = _account_of(student)
        locked.used_at = clock.now()
        locked.save(update_fields=["used_at"])
        secret = new_secret()
        made = ChildDevice(
            secret_index=device_index(secret),
            user=user,
            bound_by_id=locked.issued_by_id,
            device=device.name,
            device_kind=device.kind,
            created_at=clock.now(),
            last_used_at=clock.now(),
        )
        made.pin_hash = made.hash_of(pin) if pin else None
        made.save(force_insert=True)
        if replaces is not None and replaces.revoked_at is None:
            take_back(replaces, ChildDevice.Revoked.REPLACED)
        log.note(student, device=device.name, issued_by=locked.issued_by_id, has_pin=bool(pin))
        told_bound(student, device.name, locked.issued_by)
    return Bound(made, secret)


@action(check=can_use_device)
def come_in_by_device(actor: Actor, device: ChildDevice, *, pin: str) -> Entry:
    """Whether this device may sign its child in now. The fifth wrong PIN in a row takes the device back.

    The device's row stays locked until the surrounding transaction ends: no session begun in it outlives the device.
    """
    locked = ChildDevice.objects.select_for_update(of=("self",)).select_related("user", "bound_by").get(id=device.id)
    entry = _entry(locked, pin)
    log.note(locked.user, device=str(locked.id), entry=entry.value)
    return entry


@action(check=can_manage_device)
def revoke_device(actor: Actor, device: ChildDevice) -> None:
    """The parent takes the device back: it is signed out at its next request."""
    locked = ChildDevice.objects.select_for_update().get(id=device.id)
    if locked.revoked_at is None:
        take_back(locked, ChildDevice.Revoked.BY_PARENT)
    log.note(locked.user, device=str(locked.id))


def _entry(device: ChildDevice, pin: str) -> Entry:
    if device.revoked_at is not None:
        return Entry.LOCKED_OUT
    if not device.user.may_sign_in or not _is_only_a_child(device.user_id) or not _is_still_bound_by_right(device):
        return Entry.CLOSED
    if device.pin_hash is not None and not secrets.compare_digest(bytes(device.pin_hash), device.hash_of(pin)):
        return _wrong(device)
    device.wrong_pins, device.last_used_at = 0, clock.now()
    device.save(update_fields=["wrong_pins", "last_used_at"])
    return Entry.IN


def _is_still_bound_by_right(device: ChildDevice) -> bool:
    """Whether the guardian who bound it has full rights to this child today."""
    schools = RoleGrant.objects.filter(user_id=device.user_id, role=Role.STUDENT).values_list("school_id", flat=True)
    with school_scope(schools):
        links = Guardian.objects.filter(student__user_id=device.user_id, rights=Guardian.Rights.FULL)
        return links.valid_for(device.bound_by_id).exists()


def _wrong(device: ChildDevice) -> Entry:
    device.wrong_pins += 1
    device.save(update_fields=["wrong_pins"])
    if device.wrong_pins < WRONG_IN_A_ROW:
        return Entry.WRONG_PIN
    take_back(device, ChildDevice.Revoked.WRONG_PINS)
    told_locked_out(device.bound_by, device.user, device.device)
    return Entry.LOCKED_OUT


def _open_pass(child_pass: DevicePass) -> DevicePass:
    """The pass under its lock, still open, of a parent who still has full rights."""
    locked = DevicePass.objects.select_for_update(of=("self",)).select_related("issued_by").get(id=child_pass.id)
    links = Guardian.objects.filter(school_id=locked.school_id, student_id=locked.student_id)
    is_still = links.valid_for(locked.issued_by_id).filter(rights=Guardian.Rights.FULL).exists()
    if not locked.is_open or not is_still:
        raise PassSpent(_("Этот QR-код уже не действует. Попросите показать новый."))
    return locked


def _account_of(student: Student) -> User:
    """The child's account; a new one has no phone, no mailbox and no password."""
    if student.user_id is not None:
        _must_be_a_child(student.user_id)
        return User.objects.get(id=student.user_id)
    name = PersonName(student.last_name, student.first_name, student.middle_name)
    user = User.objects.create(
        login=_free_login(name),
        last_name=name.last,
        first_name=name.first,
        middle_name=name.middle,
        password=make_password(None),
    )
    student.user = user
    student.save(update_fields=["user"])
    RoleGrant.objects.get_or_create(user=user, school_id=student.school_id, role=Role.STUDENT)
    return user


def _free_login(name: PersonName) -> str:
    base = Func(Lower("login"), Value("[0-9]+$"), Value(""), function="regexp_replace", output_field=TextField())
    taken = User.objects.annotate(base=base).filter(base=login_base(name)).values_list("login", flat=True)
    return Logins(taken).give(name)


def _is_only_a_child(user_id: int) -> bool:
    return not RoleGrant.objects.filter(user_id=user_id).exclude(role=Role.STUDENT).exists()


def _must_be_a_child(user_id: int) -> None:
    if not _is_only_a_child(user_id):
        raise NotAChild(_("У этого ученика в дневнике есть и другие роли: вход по QR-коду для него закрыт."))


def _must_be_good(pin: str, parallel: int | None) -> None:
    if not pin and needs_pin(parallel):
        raise BadPin(_("Придумайте PIN: в младших классах он нужен. От 4 до 6 цифр."))
    if pin and not is_pin(pin):
        raise BadPin(_("PIN – это от 4 до 6 цифр без пробелов."))
    if pin and is_weak(pin):
        raise BadPin(_("Такой PIN подбирают первым. Возьмите разные цифры не по порядку."))
