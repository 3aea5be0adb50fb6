"""What a child's device loses when it is taken back, and what dies with a lost phone or an ended session (A9, A16)."""

from __future__ import annotations

import uuid

from diary.foundation.core import clock
from diary.people.door.models import Session
from diary.people.door.sessions.revocation import revoke_all
from diary.people.roster.models import ChildDevice, DevicePass


def take_back(device: ChildDevice, why: ChildDevice.Revoked) -> None:
    """In the present transaction the device, its session and all that was given to this session die."""
    device.revoked_at, device.revoked_why = clock.now(), why
    device.save(update_fields=["revoked_at", "revoked_why"])
    end_session_of(device)


def end_session_of(device: ChildDevice) -> None:
    """Sign the device out. It has forgotten the session before that is revoked: it is one of the things revoked."""
    handle, device.session_handle = device.session_handle, None
    if handle is None:
        return
    device.save(update_fields=["session_handle"])
    revoke_all(device.user_id, handle)
    Session.objects.filter(user_id=device.user_id, handle=handle).delete()


def take_devices_of_guardian(guardian_id: int, school_id: int, student_id: uuid.UUID, child_id: int | None) -> int:
    """What this guardian has bound for the child dies with their right to it; an open QR too."""
    passes = DevicePass.objects.filter(
        issued_by_id=guardian_id, school_id=school_id, student_id=student_id, used_at=None
    )
    passes.filter(expires_at__gt=clock.now()).update(expires_at=clock.now())
    if child_id is None:
        return 0
    devices = list(ChildDevice.objects.bound().select_for_update().filter(bound_by_id=guardian_id, user_id=child_id))
    for device in devices:
        take_back(device, ChildDevice.Revoked.LOST)
    return len(devices)


def take_devices(user_id: int, session: uuid.UUID | None) -> int:
    """The person's bound devices (or the one of this session) sign nobody in any more; their open QR passes close."""
    devices = ChildDevice.objects.bound().filter(user_id=user_id)
    if session is None:
        DevicePass.objects.filter(issued_by_id=user_id, used_at=None).update(expires_at=clock.now())
    else:
        devices = devices.filter(session_handle=session)
    taken = list(devices.select_for_update())
    for device in taken:
        device.session_handle = device.session_handle if session is None else None
        device.revoked_at, device.revoked_why = clock.now(), ChildDevice.Revoked.LOST
        device.save(update_fields=["revoked_at", "revoked_why", "session_handle"])
    if session is None:
        Session.objects.filter(handle__in=[one.session_handle for one in taken if one.session_handle]).delete()
    return len(taken)
