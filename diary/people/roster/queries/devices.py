"""Passes and devices of children, found by the secret that the visitor holds (A16)."""

from __future__ import annotations

import uuid

from diary.foundation.access.actor import Actor
from diary.foundation.access.scope import school_scope
from diary.people.roster.models import ChildDevice, DevicePass, Enrollment, Group, Student
from diary.people.roster.models.devices import device_index, pass_index
from diary.people.roster.policies import can_manage_device


def find_pass(secret: str) -> DevicePass | None:
    """The pass of a QR, open or not."""
    return DevicePass.objects.filter(secret_index=pass_index(secret)).select_related("school").first()


def student_of(child_pass: DevicePass) -> tuple[Student, int | None]:
    """Whose device it will be, and the parallel of the present class."""
    with school_scope([child_pass.school_id]):
        student = Student.objects.get(school_id=child_pass.school_id, id=child_pass.student_id)
        places = Enrollment.objects.filter(
            school_id=student.school_id, student_id=student.id, group__kind=Group.Kind.CLASS
        )
        parallel = places.order_by("-starts_on").values_list("group__parallel", flat=True).first()
    return student, parallel


def device_of_family(actor: Actor, device_id: uuid.UUID) -> ChildDevice | None:
    """The device, if it is bound for a child over whom the actor has full rights."""
    device = ChildDevice.objects.bound().filter(id=device_id).select_related("user").first()
    return device if device and can_manage_device(actor, device) else None


def find_device(secret: str) -> ChildDevice | None:
    """The device of a cookie, taken back or not."""
    if not secret:
        return None
    return ChildDevice.objects.filter(secret_index=device_index(secret)).select_related("user").first()
