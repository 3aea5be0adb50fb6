"""Saves staff with their accounts and roles."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Role
from diary.people.accounts.models import User
from diary.people.intake.records import Kind, StaffRecord, StaffRole
from diary.people.intake.saving.accounts import Accounts
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.identity import Identity, is_somebody_else, pair, same_middle, short_key
from diary.people.intake.saving.persons import name_key, name_of, person_values
from diary.people.intake.saving.run import Saving, has_own_code, own_code
from diary.people.roster.models import Staff

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
        Identity(
            key=lambda one: one.name.key,
            row_key=name_key,
            may_be=_may_be,
            is_other=lambda record, row: is_somebody_else(record.name, name_of(row)),
            near_key=lambda one: short_key(one.name),
            near_row_key=lambda row: short_key(name_of(row)),
            nearest=lambda record, rows: [
                row for row in rows if same_middle(record.name, name_of(row)) and _may_be(record, row)
            ],
            describe=lambda row: f"{row.full_name} ({row.post})",
        ),
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
    changed = {id(record): _update_member(accounts, record, user) for record, _row, user in found}
    accounts.write()
    batch = Batch(Staff)
    for record, row, user in found:
        if row is None:
            row = batch.add(_new_member(saving, record, user))
            rows.append(row)
            saving.created(record, Kind.STAFF)
        else:
            is_changed = batch.change(row, post=record.position or None, **person_values(record, user, row))
            saving.kept(record, Kind.STAFF, is_changed=is_changed or changed[id(record)])
        saving.staff.put(record.external_id, row)
    batch.write()
    saving.staff.learn(rows)
    saving.step(len(saving.data.staff), Kind.STAFF)


def _may_be(record: StaffRecord, row: Staff) -> bool:
    """Two codes are two people: namesakes among staff are told apart by them."""
    return not has_own_code(record) or row.external_id in (name_key(row), short_key(name_of(row)))


def let_teachers_teach(saving: Saving, accounts: Accounts) -> None:
    """Who leads a course or a class in these files needs the journal, whatever the post."""
    gone = {one.external_id for one in saving.data.staff if one.is_ended}
    leading = {teacher for course in saving.data.courses for teacher in course.teacher_ids[:1]}
    leading |= {one.form_teacher_id for one in saving.data.classes if one.form_teacher_id}
    for external_id in sorted(leading - gone):
        teacher = saving.staff.find(external_id)
        user = accounts.by_id(teacher.user_id) if teacher else None
        if user is not None:
            accounts.grant(user, [Role.TEACHER])
    accounts.write()


def _remember_staff(accounts: Accounts, rows: list[Staff]) -> None:
    for row in rows:
        user = accounts.by_id(row.user_id)
        if user is not None:
            accounts.remember(user, name_of(row), row.external_id, user.phone, user.email)


def _update_member(accounts: Accounts, record: StaffRecord, user: User) -> bool:
    is_changed = accounts.update(user, record)
    if record.is_ended:
        return accounts.withdraw(user, STAFF_ROLES) or is_changed
    return accounts.grant(user, [ROLES[role] for role in record.roles if role in ROLES], record) or is_changed


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
