"""The sign-in journal and the audit rows of the door: who came, from where, how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from diary.foundation.access.actor import Actor
from diary.foundation.audit.log import AuditNote, write_audit
from diary.foundation.core.lasting import lasting
from diary.people.accounts.models import User
from diary.people.door.models import SignInRecord
from diary.people.door.rules.devices import Device

NO_DEVICE = Device("", "other")


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody knocks."""

    ip: str | None = None
    device: Device = NO_DEVICE


def record(user: User | None, visit: Visit, result: SignInRecord.Result, *, factor: str = "") -> None:
    """One line of the journal and one audit row. Of an unknown login the log keeps that it was tried, not what it was:
    passwords are sometimes typed there."""
    is_in = result in (SignInRecord.Result.SIGNED_IN, SignInRecord.Result.STEPPED_UP, SignInRecord.Result.RECOVERED)
    if is_in:
        _write(user, visit, result, factor, is_in=True)
    else:
        lasting(lambda: _write(user, visit, result, factor, is_in=False))


def _write(user: User | None, visit: Visit, result: SignInRecord.Result, factor: str, *, is_in: bool) -> None:
    SignInRecord.objects.create(
        user_id=user.id if user else None,
        ip=visit.ip,
        device=visit.device.name,
        device_kind=visit.device.kind,
        result=result,
        factor=factor,
    )
    # until somebody has proved who they are, the log names nobody as the doer
    who = Actor(user_id=user.id, name=user.full_name, ip=visit.ip) if user and is_in else Actor(ip=visit.ip)
    details = {"result": result.value} | ({"factor": factor} if factor else {})
    write_audit(who, "door.sign_in" if is_in else "door.sign_in_refused", user, [AuditNote(details)])
