"""Schools far from Moscow: one in Kamchatka, one in Kaliningrad, each with a teacher, a pupil and a parent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from diary.foundation.access.actor import Role
from diary.foundation.access.scope import school_scope
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.models import Factor
from diary.people.roster.models import Course, Enrollment, Group, Guardian, Staff, Student
from diary.people.schools.models import GradingPeriod, School, SchoolYear, Subject
from diary.schoolwork.gradebook.models import WorkKind
from diary.schoolwork.timetable.models import Lesson

DAYS = [dt.date(2026, 10, day) for day in (12, 13, 14, 15, 16)]  # Monday to Friday of the cast's week
FIRST_LESSON = (dt.time(8, 30), dt.time(9, 15))


@dataclass(slots=True)
class FarSchool:
    """One class with one course; a first lesson on each day of the week of the cast."""

    school: School
    group: Group
    course: Course
    pupil: Student
    lessons: dict[dt.date, Lesson]


def make_far_schools(users: dict[str, User], password: str) -> tuple[FarSchool, FarSchool]:
    """Камчатка and Калининград. Their people join `users`: `kam_` and `kal_` with teacher, pupil, parent.

    `kam_parent` has a child in each of the two.
    """
    kamchatka = _make("kam", "Школа № 41", "Asia/Kamchatka", users, password)
    kaliningrad = _make("kal", "Школа № 39", "Europe/Kaliningrad", users, password)
    _link(users["kam_parent"], kaliningrad.pupil)
    return kamchatka, kaliningrad


def _make(prefix: str, name: str, zone: str, users: dict[str, User], password: str) -> FarSchool:
    school = School.objects.create(name=name, short_name=name, timezone=zone, external_id=f"cast-{prefix}")
    for part, last, role in (
        ("teacher", "Далёкая", Role.TEACHER),
        ("pupil", "Рассветов", Role.STUDENT),
        ("parent", "Рассветова", Role.GUARDIAN),
    ):
        user = User.objects.create(
            login=f"{prefix}_{part}",
            last_name=last,
            first_name="Женя",
            password=make_password(password),
        )
        users[user.login] = user
        RoleGrant.objects.create(user=user, school=school, role=role)
    Factor.objects.create(
        user=users[f"{prefix}_teacher"], kind=Factor.Kind.TOTP, confirmed_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    )
    with school_scope([school.id]):
        return _fill(school, users[f"{prefix}_teacher"], users[f"{prefix}_pupil"], users[f"{prefix}_parent"])


def _fill(school: School, teacher: User, pupil: User, parent: User) -> FarSchool:
    first, until = dt.date(2026, 9, 1), dt.date(2027, 6, 1)
    year = SchoolYear.objects.create(school=school, name="2026/27", starts_on=first, ends_until=until, external_id="1")
    quarter = GradingPeriod.objects.create(
        school=school,
        year=year,
        parallel=7,
        number=1,
        name="1 четверть",
        starts_on=first,
        ends_until=dt.date(2026, 10, 24),
        external_id="1",
    )
    WorkKind.objects.create(
        school=school, name="Ответ на уроке", short_name="отв", weight=1, position=0, external_id="answer"
    )
    names = {"last_name": teacher.last_name, "first_name": teacher.first_name}
    staff = Staff.objects.create(school=school, user=teacher, post="Учитель", external_id="1", **names)
    group = Group.objects.create(
        school=school, year=year, name="7А", parallel=7, letter="А", kind=Group.Kind.CLASS, external_id="1"
    )
    subject = Subject.objects.create(school=school, name="Алгебра", short_name="Алгебра", external_id="1")
    course = Course.objects.create(
        school=school, year=year, group=group, subject=subject, teacher=staff, external_id="1"
    )
    student = Student.objects.create(
        school=school, user=pupil, last_name=pupil.last_name, first_name=pupil.first_name, external_id="1"
    )
    Enrollment.objects.create(school=school, student=student, group=group, starts_on=first, external_id="1")
    _link(parent, student)
    starts_at, ends_at = FIRST_LESSON
    lessons = {
        day: Lesson.objects.create(
            school=school,
            course=course,
            period=quarter,
            held_on=day,
            number=1,
            starts_at=starts_at,
            ends_at=ends_at,
            teacher=staff,
        )
        for day in DAYS
    }
    return FarSchool(school, group, course, student, lessons)


def _link(parent: User, student: Student) -> None:
    RoleGrant.objects.get_or_create(user=parent, school_id=student.school_id, role=Role.GUARDIAN)
    with school_scope([student.school_id]):
        Guardian.objects.create(school_id=student.school_id, user=parent, student=student, external_id=parent.login)
