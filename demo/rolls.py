"""Writes people and who is whose: accounts, roles, staff, students, guardians, groups, courses, enrolment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from demo.cast import CAST_LOGINS, Name
from demo.catalogue import Catalogue
from demo.chance import Ids
from demo.people import Logins, Pupil
from demo.staffing import CoursePlan, GroupPlan, Staffing
from diary.foundation.access.actor import Role
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.models import Factor
from diary.people.roster.models import Course, Enrollment, Group, Guardian, Staff, Student, StudentDocument
from diary.people.roster.rules.documents import Document, DocumentKind
from diary.people.schools.models import School

BY_GENDER = "труд"  # the split that goes by gender; others halve the list
PHONES = "+7900"  # and seven digits: nobody's
READS_ONLY = 17  # every seventeenth guardian may look but not act


@dataclass(frozen=True, slots=True)
class Rolls:
    """The rows of people, in the order of the plans; `users` by login."""

    users: dict[str, User]
    staff: list[Staff]
    students: list[Student]
    groups: dict[GroupPlan, Group]
    courses: list[Course]


def write_rolls(
    catalogue: Catalogue,
    staffing: Staffing,
    pupils: Sequence[Pupil],
    logins: Logins,
    ids: Ids,
    *,
    password: str,
    moment: dt.datetime,
) -> Rolls:
    """`password` is a ready hash: one for all invented people. Their phones have been confirmed before `moment`."""
    own = {name: login for login, name in CAST_LOGINS.items()}
    for member in staffing.staff:
        member.login = own.get(member.name) or logins.give(member.name)
    users = _write_users(_accounts(staffing, pupils), password, moment)
    _write_factors(staffing, users, moment)
    _write_roles(catalogue.school, staffing, pupils, users)
    staff = _write_staff(catalogue.school, staffing, users, ids)
    students = _write_students(catalogue.school, pupils, users, ids)
    _write_documents(pupils, students)
    _write_guardians(catalogue.school, pupils, students, users, ids)
    groups = _write_groups(catalogue, staffing, staff, ids)
    courses = _write_courses(catalogue, staffing, staff, groups, ids)
    _write_enrolments(catalogue, pupils, students, groups, ids)
    return Rolls(users, staff, students, groups, courses)


def members(pupils: Sequence[Pupil], group: GroupPlan) -> list[int]:
    """Places of the pupils of a class or of a half of it."""
    whole = [place for place, pupil in enumerate(pupils) if pupil.class_plan == group.class_plan]
    if not group.half:
        return whole
    if group.split == BY_GENDER:
        gender = "м" if group.half == 1 else "ж"
        return [place for place in whole if pupils[place].name.gender == gender]
    return whole[group.half - 1 :: 2]


def _accounts(staffing: Staffing, pupils: Sequence[Pupil]) -> dict[str, Name]:
    accounts = {member.login: member.name for member in staffing.staff}
    for pupil in pupils:
        accounts[pupil.login] = pupil.name
        accounts |= {adult.login: adult.name for adult in pupil.guardians}
    return accounts


def _write_users(accounts: dict[str, Name], password: str, moment: dt.datetime) -> dict[str, User]:
    """New accounts; those of the cast who live in both schools may stand already."""
    known = {user.login: user for user in User.objects.filter(login__in=[*accounts.keys() & CAST_LOGINS.keys()])}
    first = User.objects.count()
    new = User.objects.bulk_create(
        User(
            login=login,
            password=password,
            last_name=name.last,
            first_name=name.first,
            middle_name=name.middle,
            phone=f"{PHONES}{first + place:07}",
            phone_confirmed_at=moment,
            email=f"{login}@example.ru" if login in CAST_LOGINS else "",
            email_confirmed_at=moment if login in CAST_LOGINS else None,
            contacts_checked_at=moment,
        )
        for place, (login, name) in enumerate(accounts.items(), 1)
        if login not in known
    )
    return known | {user.login: user for user in new}


def _write_factors(staffing: Staffing, users: dict[str, User], moment: dt.datetime) -> None:
    """Staff confirm each sign-in by a code from an SMS, which comes to the outbox page."""
    staff = [users[login] for login in dict.fromkeys(member.login for member in staffing.staff)]
    have = set(Factor.objects.filter(user__in=staff).values_list("user_id", flat=True))
    Factor.objects.bulk_create(
        Factor(user=user, kind=Factor.Kind.SMS, created_at=moment, confirmed_at=moment)
        for user in staff
        if user.id not in have
    )


def _write_roles(school: School, staffing: Staffing, pupils: Sequence[Pupil], users: dict[str, User]) -> None:
    pairs: list[tuple[str, Role]] = [(member.login, role) for member in staffing.staff for role in member.roles]
    pairs += [(pupil.login, Role.STUDENT) for pupil in pupils]
    pairs += [(adult.login, Role.GUARDIAN) for pupil in pupils for adult in pupil.guardians]
    RoleGrant.objects.bulk_create(
        RoleGrant(user=users[login], school=school, role=role.value) for login, role in dict.fromkeys(pairs)
    )


def _write_staff(school: School, staffing: Staffing, users: dict[str, User], ids: Ids) -> list[Staff]:
    return Staff.objects.bulk_create(
        Staff(
            school=school,
            id=ids(),
            user=users[member.login],
            last_name=member.name.last,
            first_name=member.name.first,
            middle_name=member.name.middle,
            post=member.post,
            external_id=f"staff-{place:03d}",
        )
        for place, member in enumerate(staffing.staff, start=1)
    )


def _write_students(school: School, pupils: Sequence[Pupil], users: dict[str, User], ids: Ids) -> list[Student]:
    return Student.objects.bulk_create(
        Student(
            school=school,
            id=ids(),
            user=users[pupil.login],
            last_name=pupil.name.last,
            first_name=pupil.name.first,
            middle_name=pupil.name.middle,
            birth_date=pupil.born_on,
            gender=pupil.name.gender,
            external_id=f"student-{place:04d}",
        )
        for place, pupil in enumerate(pupils, start=1)
    )


def _write_documents(pupils: Sequence[Pupil], students: Sequence[Student]) -> None:
    """Birth certificates of a series that nobody gives out, numbered by the day of birth, so that one can be tried."""
    StudentDocument.objects.bulk_create(
        StudentDocument.made(student, Document(DocumentKind.BIRTH, f"IЯЯ{pupil.born_on:%d%m%y}"))
        for pupil, student in zip(pupils, students, strict=True)
    )


def _write_guardians(
    school: School, pupils: Sequence[Pupil], students: Sequence[Student], users: dict[str, User], ids: Ids
) -> None:
    links = [(student, adult) for pupil, student in zip(pupils, students, strict=True) for adult in pupil.guardians]
    Guardian.objects.bulk_create(
        Guardian(
            school=school,
            id=ids(),
            user=users[adult.login],
            student_id=student.id,
            relation=adult.relation,
            rights=Guardian.Rights.READ if _reads_only(place, adult.login) else Guardian.Rights.FULL,
            external_id=f"guardian-{place:04d}",
        )
        for place, (student, adult) in enumerate(links, start=1)
    )


def _reads_only(place: int, login: str) -> bool:
    return place % READS_ONLY == 0 and login not in CAST_LOGINS


def _write_groups(catalogue: Catalogue, staffing: Staffing, staff: Sequence[Staff], ids: Ids) -> dict[GroupPlan, Group]:
    rows: dict[GroupPlan, Group] = {}
    for plan in staffing.groups():
        class_plan = plan.class_plan
        home = rows[GroupPlan(class_plan)] if plan.half else None
        rows[plan] = Group(
            school=catalogue.school,
            id=ids(),
            kind=Group.Kind.SUBGROUP if home else Group.Kind.CLASS,
            year_id=catalogue.year.id,
            name=plan.name,
            parallel=class_plan.parallel,
            letter=class_plan.letter,
            home_class_id=home.id if home else None,
            split=plan.split,
            form_teacher_id=None if home else staff[staffing.form_teachers[class_plan.name]].id,
            bells_id=catalogue.bells_for(class_plan).id,
            days_per_week=class_plan.days,
            external_id=f"{class_plan.name}-{plan.split}-{plan.half}" if home else class_plan.name,
        )
    Group.objects.bulk_create(rows.values())
    return rows


def _write_courses(
    catalogue: Catalogue, staffing: Staffing, staff: Sequence[Staff], groups: dict[GroupPlan, Group], ids: Ids
) -> list[Course]:
    return Course.objects.bulk_create(
        Course(
            school=catalogue.school,
            id=ids(),
            year_id=catalogue.year.id,
            group_id=groups[plan.group].id,
            subject_id=catalogue.subjects[plan.subject.code].id,
            teacher_id=staff[plan.teacher].id,
            hours_per_week=plan.hours,
            external_id=_course_key(plan),
        )
        for plan in staffing.courses
    )


def _course_key(plan: CoursePlan) -> str:
    half = f"-{plan.group.half}" if plan.group.half else ""
    return f"{plan.group.class_plan.name}-{plan.subject.code}{half}"


def _write_enrolments(
    catalogue: Catalogue,
    pupils: Sequence[Pupil],
    students: Sequence[Student],
    groups: dict[GroupPlan, Group],
    ids: Ids,
) -> None:
    places: Iterable[tuple[Group, int]] = (
        (group, place) for plan, group in groups.items() for place in members(pupils, plan)
    )
    Enrollment.objects.bulk_create(
        Enrollment(
            school=catalogue.school,
            id=ids(),
            student_id=students[place].id,
            group_id=group.id,
            starts_on=since(pupils[place], catalogue.year.starts_on),
            until=pupils[place].left_on,
            external_id=f"{group.external_id}-{place + 1:04d}",
        )
        for group, place in places
    )


def since(pupil: Pupil, year_starts_on: dt.date) -> dt.date:
    """The first day of a pupil in the school's year."""
    return pupil.arrived_on or year_starts_on
