"""What the office does with the roster: load a school from files, hand out first passwords."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.people.accounts.models import RoleGrant, User
from diary.people.roster.models import Enrollment, Group, Guardian
from diary.people.roster.policies import can_issue_passwords
from diary.people.schools.models import School

PASSWORD_LENGTH = 10
PASSWORDS_AT_ONCE = 60  # a hash takes about a tenth of a second
SMALL, LARGE, DIGITS, SIGNS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!#%+-=?@"
STAFF_ROLES = (Role.TEACHER, Role.METHODIST, Role.ADMINISTRATOR, Role.SECURITY, Role.SUPPORT)


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """A new password, shown once and kept nowhere. `whose` is the pupil a guardian belongs to."""

    name: str
    login: str
    password: str
    whose: str = ""


@action(check=can_issue_passwords)
def issue_student_passwords(actor: Actor, group: Group) -> list[FirstPassword]:
    """First passwords for the pupils of a class whose accounts have none yet. The list is given once and not kept."""
    today = clock.today(group.school.timezone)
    rows = Enrollment.objects.on(today).filter(
        school_id=group.school_id, group_id=group.id, student__user__isnull=False
    )
    pupils = [row.student for row in rows.select_related("student").order_by("student_id")]
    people = {pupil.user_id: "" for pupil in pupils if pupil.user_id is not None}
    return _issue(group, people)


@action(check=can_issue_passwords)
def issue_guardian_passwords(actor: Actor, group: Group) -> list[FirstPassword]:
    """First passwords for the guardians of a class's pupils whose accounts have none yet, at most 60 at once."""
    today = clock.today(group.school.timezone)
    pupils = Enrollment.objects.on(today).filter(school_id=group.school_id, group_id=group.id)
    links = Guardian.objects.in_force().filter(school_id=group.school_id, student_id__in=pupils.values("student_id"))
    people: dict[int, str] = {}
    for link in links.select_related("student").order_by("student__last_name", "student__first_name", "id"):
        people.setdefault(link.user_id, link.student.short_name)
    return _issue(group, people)


@action(check=can_issue_passwords)
def issue_staff_passwords(actor: Actor, school: School) -> list[FirstPassword]:
    """First passwords for staff whose accounts have none yet, at most 60 at once."""
    grants = RoleGrant.objects.filter(school_id=school.id, role__in=STAFF_ROLES)
    return _issue(school, dict.fromkeys(grants.values_list("user_id", flat=True), ""))


def _issue(subject: Group | School, people: dict[int, str]) -> list[FirstPassword]:
    """Only accounts that never had a password: nobody's password is ever replaced here."""
    users = User.objects.filter(id__in=people, is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    chosen = list(users.select_for_update().order_by("last_name", "first_name", "id")[:PASSWORDS_AT_ONCE])
    issued = [FirstPassword(user.full_name, user.login, new_password(), people[user.id]) for user in chosen]
    _set_passwords(chosen, issued)
    log.note(subject, logins=[one.login for one in issued])
    return issued


def _set_passwords(users: Sequence[User], issued: Iterable[FirstPassword]) -> None:
    for user, first in zip(users, issued, strict=True):
        user.password = make_password(first.password)
    User.objects.bulk_update(users, ["password"])


def new_password() -> str:
    """Ten random signs with a small and a large letter, a digit and a sign (A2); none is mistaken for another."""
    signs = [secrets.choice(kind) for kind in (SMALL, LARGE, DIGITS, SIGNS)]
    signs += [secrets.choice(SMALL + LARGE + DIGITS) for _place in range(PASSWORD_LENGTH - len(signs))]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)
