"""Who may do what by their place in the roster: teacher of a course, family of a student, the school's office."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.people.roster.models import (
    OFFICE,
    ChildDevice,
    Course,
    DevicePass,
    Group,
    Guardian,
    GuardianRequest,
    Student,
)
from diary.people.schools.models import School

PEOPLE_READ = permission("roster.people.read", Role.METHODIST, Role.ADMINISTRATOR)
SCHOOL_READ = permission("roster.school.read", Role.ADMINISTRATOR)
PASSWORD_ISSUE = permission("roster.password.issue", Role.ADMINISTRATOR)
GUARDIAN_DECIDE = permission("roster.guardian.decide", Role.ADMINISTRATOR)


def can_issue_passwords(actor: Actor, subject: Group | School) -> bool:
    """An administrator of the school."""
    return PASSWORD_ISSUE.is_held_by(actor, subject.school_id)


def can_read_people(actor: Actor, school: School) -> bool:
    """The school's office."""
    return actor.has_role(OFFICE, school.id)


def can_teach(actor: Actor, course: Course) -> bool:
    """The course's own teacher, or an administrator of the school. `course.teacher` must be loaded."""
    if actor.has_role((Role.ADMINISTRATOR, Role.SYSTEM), course.school_id):
        return True
    return actor.has_role(Role.TEACHER, course.school_id) and course.teacher.user_id == actor.user_id


def is_family(actor: Actor, student: Student) -> bool:
    """The student, or a guardian whose access is in force today."""
    return Student.objects.family_of(actor).filter(school_id=student.school_id, id=student.id).exists()


def has_full_rights(actor: Actor, student: Student) -> bool:
    """The student, or a guardian who may not only read (A15)."""
    if actor.user_id is not None and student.user_id == actor.user_id:
        return True
    links = Guardian.objects.filter(school_id=student.school_id, student_id=student.id)
    return links.valid_for(actor.user_id).filter(rights=Guardian.Rights.FULL).exists()


def can_ask_for_child(actor: Actor, school: School | None = None) -> bool:
    """Everybody who has signed in but pupils; in which school it is makes no difference."""
    return actor.is_authenticated and not actor.has_role(Role.STUDENT)


def is_asker(actor: Actor, request: GuardianRequest) -> bool:
    """Who has asked for the child."""
    return actor.user_id is not None and actor.user_id == request.user_id


def can_decide_guardian(actor: Actor, subject: GuardianRequest | Guardian) -> bool:
    """An administrator of the school, but never about oneself."""
    return GUARDIAN_DECIDE.is_held_by(actor, subject.school_id) and subject.user_id != actor.user_id


def can_set_confirmation(actor: Actor, school: School) -> bool:
    """An administrator of the school."""
    return GUARDIAN_DECIDE.is_held_by(actor, school.id)


def is_full_guardian(actor: Actor, student: Student) -> bool:
    """A guardian of this student who may not only read: the student alone is not (A16)."""
    links = Guardian.objects.filter(school_id=student.school_id, student_id=student.id)
    return links.valid_for(actor.user_id).filter(rights=Guardian.Rights.FULL).exists()


def can_manage_device(actor: Actor, device: ChildDevice) -> bool:
    """A guardian with full rights over the child whose device it is."""
    links = Guardian.objects.valid_for(actor.user_id).filter(rights=Guardian.Rights.FULL)
    return links.filter(student__user_id=device.user_id).exists()


def can_use_pass(actor: Actor, child_pass: DevicePass) -> bool:
    """Whoever holds the QR while it is open; its secret has shown the way here."""
    return child_pass.is_open


def can_use_device(actor: Actor, device: ChildDevice) -> bool:
    """Whoever holds a device that has not been taken back; its cookie has shown the way here."""
    return device.revoked_at is None
