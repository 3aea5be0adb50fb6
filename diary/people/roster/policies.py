"""Who may do what by their place in the roster: teacher of a course, family of a student, the school's office."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.foundation.core import clock
from diary.people.roster.models import (
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


TEACHING_SQL = """
SELECT c.teacher_starts_on, NULL::date
FROM roster_course c JOIN roster_staff s ON s.school_id = c.school_id AND s.id = c.teacher_id
WHERE c.school_id = %(school)s AND c.id = %(course)s AND s.user_id = %(user)s
UNION ALL
SELECT t.starts_on, t.until
FROM roster_courseteacher t JOIN roster_staff s ON s.school_id = t.school_id AND s.id = t.staff_id
WHERE t.school_id = %(school)s AND t.course_id = %(course)s AND s.user_id = %(user)s
"""


@dataclass(frozen=True, slots=True)
class Teaching:
    """From when until when (exclusive) somebody teaches a course; an empty end is open."""

    starts_on: dt.date | None
    until: dt.date | None

    def covers(self, day: dt.date) -> bool:
        """Whether that day is among these."""
        return (self.starts_on is None or self.starts_on <= day) and (self.until is None or day < self.until)


def teaching_of(actor: Actor, *, school_id: int, course_id: uuid.UUID) -> tuple[Teaching, ...]:
    """When the actor teaches and has taught this course, as the database has it at this moment. One statement."""
    if not actor.has_role(Role.TEACHER, school_id):
        return ()
    given: dict[str, Any] = {"school": school_id, "course": course_id, "user": actor.user_id}
    with connection.cursor() as cursor:
        cursor.execute(TEACHING_SQL, given)
        return tuple(Teaching(*row) for row in cursor.fetchall())


def leads_course(actor: Actor, course: Course) -> bool:
    """Whether the actor is the course's main teacher today, as far as the loaded row says; no statement.

    Only ever a short way to a «yes» that is asked again under lock. `course.teacher` must be loaded.
    """
    begun = course.teacher_starts_on is None or course.teacher_starts_on <= clock.today(course.school.timezone)
    return begun and course.teacher.user_id == actor.user_id and actor.has_role(Role.TEACHER, course.school_id)


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
