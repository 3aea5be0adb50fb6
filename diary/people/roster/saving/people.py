"""Saves staff, students and guardians with their accounts and roles."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Role
from diary.people.accounts.models import User
from diary.people.roster.imports.records import (
    Gender,
    GuardianRecord,
    Kind,
    Kinship,
    PersonName,
    StaffRecord,
    StaffRole,
    StudentRecord,
)
from diary.people.roster.models import Enrollment, Guardian, Staff, Student
from diary.people.roster.saving.accounts import Accounts
from diary.people.roster.saving.batch import Batch
from diary.people.roster.saving.run import Saving, has_own_code, own_code, pair

ROLES = {
    StaffRole.PRINCIPAL: Role.METHODIST,
    StaffRole.DEPUTY: Role.METHODIST,
    StaffRole.METHODIST: Role.METHODIST,
    StaffRole.TEACHER: Role.TEACHER,
    StaffRole.ADMINISTRATOR: Role.ADMINISTRATOR,
    StaffRole.SECURITY: Role.SECURITY,
    StaffRole.SUPPORT: Role.SUPPORT,
}
STAFF_ROLES = tuple(dict.fromkeys(ROLES.values()))
GENDERS = {Gender.MALE: "м", Gender.FEMALE: "ж"}


def save_staff(saving: Saving, accounts: Accounts) -> None:
    """Staff by full name. Roles are given, never taken back, except from those the file says have left."""
    saving.begin(Kind.STAFF)
    rows = list(Staff.objects.filter(school_id=saving.school_id).order_by("last_name", "first_name", "id"))
    _remember_staff(accounts, rows)
    matched = pair(
        saving,
        Kind.STAFF,
        saving.data.staff,
        rows,
        key=lambda one: one.name.key,
        row_key=_name_key,
        may_be=lambda record, row: not has_own_code(record) or row.external_id == _name_key(row),
    )
    found: list[tuple[StaffRecord, Staff | None, User]] = []
    for record, row in list(matched):
        if row is None and record.is_ended:
            saving.skipped(record, Kind.STAFF)
            continue
        user = accounts.by_id(row.user_id) if row else None
        account = accounts.account(record, Kind.STAFF, user or accounts.recall(record))
        if account is not None:
            accounts.remember(account, record.name, own_code(record) or "", record.phone, record.email)
            found.append((record, row, account))
    teachers = teachers_in(saving)
    changed = {id(record): _update_member(accounts, record, user, teachers) for record, _row, user in found}
    accounts.write()
    batch = Batch(Staff)
    for record, row, user in found:
        if row is None:
            row = batch.add(_new_member(saving, record, user))
            rows.append(row)
            saving.created(record, Kind.STAFF)
        else:
            is_changed = batch.change(row, post=record.position or None, **_person_values(record, user))
            saving.kept(record, Kind.STAFF, is_changed=is_changed or changed[id(record)])
        saving.rows[Kind.STAFF][record.external_id] = row
    batch.write()
    saving.learn(Kind.STAFF, rows)
    saving.step(len(saving.data.staff), Kind.STAFF)


def teachers_in(saving: Saving) -> frozenset[str]:
    """Ids of those who lead a course or a class in these files: they need the journal whatever their post."""
    courses = {teacher for course in saving.data.courses for teacher in course.teacher_ids[:1]}
    return frozenset(courses | {one.form_teacher_id for one in saving.data.classes if one.form_teacher_id})


def _remember_staff(accounts: Accounts, rows: list[Staff]) -> None:
    for row in rows:
        user = accounts.by_id(row.user_id)
        if user is not None:
            name = PersonName(row.last_name, row.first_name, row.middle_name)
            accounts.remember(user, name, row.external_id, user.phone, user.email)


def _update_member(accounts: Accounts, record: StaffRecord, user: User, teachers: frozenset[str]) -> bool:
    is_changed = accounts.update(user, record)
    if record.is_ended:
        return accounts.withdraw(user, STAFF_ROLES) or is_changed
    roles = [ROLES[role] for role in record.roles if role in ROLES]
    roles += [Role.TEACHER] if record.external_id in teachers else []
    return accounts.grant(user, roles, record) or is_changed


def _new_member(saving: Saving, record: StaffRecord, user: User) -> Staff:
    return Staff(
        school_id=saving.school_id,
        user_id=user.id,
        last_name=record.name.last,
        first_name=record.name.first,
        middle_name=record.name.middle,
        post=record.position or _post(record),
        external_id=record.external_id,
    )


def _post(record: StaffRecord) -> str:
    titles = {
        StaffRole.PRINCIPAL: _("Директор"),
        StaffRole.DEPUTY: _("Заместитель директора"),
        StaffRole.METHODIST: _("Методист"),
        StaffRole.SECRETARY: _("Секретарь"),
        StaffRole.PSYCHOLOGIST: _("Психолог"),
        StaffRole.ADMINISTRATOR: _("Администратор"),
    }
    return next((titles[role] for role in record.roles if role in titles), _("Учитель"))


def save_students(saving: Saving, accounts: Accounts) -> None:
    """Students by full name and day of birth. One whom the file says has left leaves the groups today."""
    saving.begin(Kind.STUDENTS)
    rows = list(Student.objects.filter(school_id=saving.school_id).order_by("last_name", "first_name", "id"))
    matched = pair(
        saving,
        Kind.STUDENTS,
        saving.data.students,
        rows,
        key=lambda one: (one.name.key, one.born_on),
        row_key=lambda row: (_name_key(row), row.birth_date),
        may_be=lambda record, row: record.born_on is not None or not has_own_code(record),
    )
    found: list[tuple[StudentRecord, Student | None, User]] = []
    for record, row in list(matched):
        if row is None and record.is_ended:
            saving.skipped(record, Kind.STUDENTS)
            continue
        account = accounts.account(record, Kind.STUDENTS, accounts.by_id(row.user_id) if row else None)
        if account is not None:
            found.append((record, row, account))
    changed = {
        id(one): accounts.update(user, one) | accounts.grant(user, [Role.STUDENT], one) for one, _r, user in found
    }
    accounts.write()
    left = _let_go(saving, [row for record, row, _user in found if row and record.is_ended])
    batch = Batch(Student)
    for record, row, user in found:
        values = {"birth_date": record.born_on, "gender": GENDERS[record.gender] if record.gender else None}
        if row is None:
            row = batch.add(Student(school_id=saving.school_id, external_id=record.external_id))
            batch.change(row, **values, **_person_values(record, user) | {"external_id": record.external_id})
            rows.append(row)
            saving.created(record, Kind.STUDENTS)
        else:
            is_changed = batch.change(row, **values, **_person_values(record, user))
            saving.kept(record, Kind.STUDENTS, is_changed=is_changed or changed[id(record)] or row.id in left)
        saving.rows[Kind.STUDENTS][record.external_id] = row
    batch.write()
    saving.learn(Kind.STUDENTS, rows)
    saving.step(len(saving.data.students), Kind.STUDENTS)


def _let_go(saving: Saving, students: list[Student]) -> set[uuid.UUID]:
    """End what is open; what has not begun yet goes. Gives the students for whom something changed."""
    if not students:
        return set()
    theirs = Enrollment.objects.filter(school_id=saving.school_id, student_id__in=[one.id for one in students])
    open_ones = theirs.filter(Q(until__isnull=True) | Q(until__gt=saving.today))
    left = set(open_ones.values_list("student_id", flat=True))
    open_ones.filter(starts_on__gte=saving.today).delete()
    open_ones.update(until=saving.today)
    return left


def save_guardians(saving: Saving, accounts: Accounts) -> None:
    """Guardians by code, contacts, or as the guardian of that name of the same child. Closed links stay closed."""
    saving.begin(Kind.GUARDIANS)
    _Guardians(saving, accounts).save()
    saving.step(len(saving.data.guardians), Kind.GUARDIANS)


class _Guardians:
    def __init__(self, saving: Saving, accounts: Accounts) -> None:
        self.saving, self.accounts = saving, accounts
        self.links: dict[tuple[uuid.UUID, int], Guardian] = {}
        self.by_code: dict[str, User] = {}
        self.by_child: dict[tuple[uuid.UUID, str], User] = {}
        self.children: dict[int, list[Guardian]] = defaultdict(list)
        for link in Guardian.objects.filter(school_id=saving.school_id).order_by("id"):
            self._learn(link)

    def _learn(self, link: Guardian) -> None:
        user = self.accounts.by_id(link.user_id)
        if user is None:
            return
        name = PersonName(user.last_name, user.first_name, user.middle_name)
        self.links[link.student_id, user.id] = link
        self.children[user.id].append(link)
        self.by_code.setdefault(link.external_id, user)
        self.by_child.setdefault((link.student_id, name.key), user)
        self.accounts.remember(user, name, link.external_id, user.phone, user.email)

    def save(self) -> None:
        found: list[tuple[GuardianRecord, User, bool]] = []
        for record in self.saving.data.guardians:
            account = self._account(record)
            if account is not None:
                self.accounts.remember(account, record.name, own_code(record) or "", record.phone, record.email)
                found.append((record, account, account.id is None))
        changed = {id(one): self._update(one, user) for one, user, _new in found}
        self.accounts.write()
        batch = Batch(Guardian)
        for record, user, is_new in found:
            had_links = bool(self.children[user.id])
            is_changed = self._link(batch, record, user) or changed[id(record)]
            if is_new or (is_changed and not had_links):
                self.saving.created(record, Kind.GUARDIANS)
            else:
                self.saving.kept(record, Kind.GUARDIANS, is_changed=is_changed)
        batch.write()

    def _account(self, record: GuardianRecord) -> User | None:
        children = [child for one in record.children if (child := self.saving.find(Kind.STUDENTS, one.student_id))]
        known = self.by_code.get(record.external_id) or self.accounts.recall(record)
        known = known or next(
            (user for one in children if (user := self.by_child.get((one.id, record.name.key)))), None
        )
        if known is None and (record.is_ended or not children):
            self._skip(record)
            return None
        return self.accounts.account(record, Kind.GUARDIANS, known)

    def _skip(self, record: GuardianRecord) -> None:
        if record.is_ended:
            self.saving.skipped(record, Kind.GUARDIANS)
        else:
            self.saving.skipped(
                record,
                Kind.GUARDIANS,
                _("У представителя нет детей в этой школе: он пропущен."),
                _("Укажите ученика."),
                "children",
            )

    def _update(self, record: GuardianRecord, user: User) -> bool:
        is_changed = self.accounts.update(user, record)
        return is_changed if record.is_ended else self.accounts.grant(user, [Role.GUARDIAN], record) or is_changed

    def _link(self, batch: Batch[Guardian], record: GuardianRecord, user: User) -> bool:
        if record.is_ended:
            going = [one for one in self.children[user.id] if one.until is None or one.until > self.saving.today]
            changes = [batch.change(one, until=self.saving.today) for one in going]
        else:
            changes = [self._link_child(batch, record, user, child) for child in record.children]
        return any(changes)

    def _link_child(self, batch: Batch[Guardian], record: GuardianRecord, user: User, child: Kinship) -> bool:
        student = self.saving.find(Kind.STUDENTS, child.student_id)
        if student is None:
            return False
        link = self.links.get((student.id, user.id))
        if link is not None:
            return batch.change(link, relation=child.relation or None, external_id=own_code(record))
        link = Guardian(
            school_id=self.saving.school_id,
            user_id=user.id,
            student_id=student.id,
            relation=child.relation,
            external_id=record.external_id,
        )
        self.links[student.id, user.id] = batch.add(link)
        return True


def _person_values(record: StaffRecord | StudentRecord, user: User) -> dict[str, object]:
    return {
        "user_id": user.id,
        "last_name": record.name.last,
        "first_name": record.name.first,
        "middle_name": record.name.middle or None,
        "external_id": own_code(record),
    }


def _name_key(row: Staff | Student) -> str:
    return PersonName(row.last_name, row.first_name, row.middle_name).key
