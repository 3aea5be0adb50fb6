"""Saves students with their accounts."""

from __future__ import annotations

import uuid

from django.db.models import Q

from diary.foundation.access.actor import Role
from diary.people.accounts.models import User
from diary.people.intake.records import Gender, Kind, StudentRecord
from diary.people.intake.saving.accounts import Accounts
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.documents import save_documents
from diary.people.intake.saving.persons import name_key, person_values
from diary.people.intake.saving.run import Saving, has_own_code, pair
from diary.people.roster.models import Enrollment, Student

GENDERS = {Gender.MALE: "м", Gender.FEMALE: "ж"}


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
        row_key=lambda row: (name_key(row), row.birth_date),
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
            batch.change(row, **values, **person_values(record, user) | {"external_id": record.external_id})
            rows.append(row)
            saving.created(record, Kind.STUDENTS)
        else:
            is_changed = batch.change(row, **values, **person_values(record, user))
            saving.kept(record, Kind.STUDENTS, is_changed=is_changed or changed[id(record)] or row.id in left)
        saving.students.put(record.external_id, row)
    batch.write()
    save_documents([(record.document, saving.students.get(record.external_id)) for record, _r, _u in found])
    saving.students.learn(rows)
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
