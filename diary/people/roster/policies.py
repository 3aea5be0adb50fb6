"""Who may do what by their place in the roster: the teacher of a course, the family of a student."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.people.roster.models import Course, Guardian, Student


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
