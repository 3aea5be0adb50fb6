"""Saves students with their accounts."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Role
from diary.people.accounts.models import User
from diary.people.intake.records import Gender, Kind, StudentRecord
from diary.people.intake.saving.accounts import Accounts
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.documents import save_documents
from diary.people.intake.saving.identity import Doubt, Identity, is_somebody_else, pair, same_middle, short_key
from diary.people.intake.saving.persons import name_key, name_of, person_values
from diary.people.intake.saving.run import Saving, has_own_code
from diary.people.roster.models import Enrollment, Student

GENDERS = {Gender.MALE: "м", Gender.FEMALE: "ж"}


def save_students(saving: Saving, accounts: Accounts) -> None:
    """Students by full name and day of birth. One whom the file says has left leaves the groups today."""
    saving.begin(Kind.STUDENTS)
    rows = list(Student.objects.filter(school_id=saving.school_id).order_by("last_name", "first_name", "id"))
    namesakes = _Namesakes(saving, rows)
    matched = pair(saving, Kind.STUDENTS, saving.data.students, rows, namesakes.identity)
    found: list[tuple[StudentRecord, Student | None, User]] = []
    for record, row in list(matched):
        if row is None and record.is_ended:
            saving.skipped(record, Kind.STUDENTS)
            continue
        if row is None and saving.data.asks_for_classes and record.external_id not in namesakes.wanted:
            _refuse_classless(saving, record)
            continue
        account = accounts.account(record, Kind.STUDENTS, accounts.by_id(row.user_id) if row else None)
        if account is not None:
            found.append((record, row, account))
    changed = {
        id(one): accounts.update(user, one) | accounts.grant(user, [Role.STUDENT], one) for one, _row, user in found
    }
    accounts.write()
    left = _let_go(saving, [row for record, row, _user in found if row and record.is_ended])
    batch = Batch(Student)
    codes = {row.external_id for row in rows}
    for record, row, user in found:
        values = {"birth_date": record.born_on, "gender": GENDERS[record.gender] if record.gender else None}
        if row is None:
            code = record.external_id if record.external_id not in codes else f"{record.external_id}|{uuid.uuid4().hex}"
            row = batch.add(Student(school_id=saving.school_id, external_id=code))
            batch.change(row, **values, **person_values(record, user, row) | {"external_id": code})
            rows.append(row)
            saving.created(record, Kind.STUDENTS)
        else:
            is_changed = batch.change(row, **values, **person_values(record, user, row))
            saving.kept(record, Kind.STUDENTS, is_changed=is_changed or changed[id(record)] or row.id in left)
        saving.students.put(record.external_id, row)
    batch.write()
    save_documents([(record.document, saving.students.get(record.external_id)) for record, _row, _user in found])
    saving.students.learn(rows)
    saving.step(len(saving.data.students), Kind.STUDENTS)


def _refuse_classless(saving: Saving, record: StudentRecord) -> None:
    saving.refuse(
        record,
        Kind.STUDENTS,
        _("У нового ученика нет класса."),
        _("Заполните столбец «Класс» или лист «Зачисления» либо назовите лист по классу: 7А."),
        "class",
    )


class _Namesakes:
    """Tells pupils of one name apart by day of birth, and where it is missing by class (F3)."""

    def __init__(self, saving: Saving, rows: list[Student]) -> None:
        self.today = saving.today
        self.groups = {row.id: row.name for row in saving.classes}
        self.wanted: dict[str, set[uuid.UUID]] = defaultdict(set)
        for one in saving.data.enrollments:
            group = saving.classes.find(one.class_id)
            if group and not one.is_ended:
                self.wanted[one.student_id].add(group.id)
        self.standing: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        if rows:
            here = Enrollment.objects.filter(school_id=saving.school_id, group_id__in=list(self.groups))
            for student_id, group_id in here.values_list("student_id", "group_id").order_by("id"):
                self.standing[student_id].add(group_id)

    @property
    def identity(self) -> Identity[StudentRecord]:
        return Identity(
            key=lambda one: (one.name.key, one.born_on),
            row_key=lambda row: (name_key(row), row.birth_date),
            may_be=lambda record, row: record.born_on is not None or not has_own_code(record),
            is_other=lambda record, row: is_somebody_else(record.name, name_of(row)),
            near_key=lambda one: short_key(one.name),
            near_row_key=lambda row: short_key(name_of(row)),
            nearest=self.nearest,
            describe=self.describe,
        )

    def nearest(self, record: StudentRecord, rows: list[Student]) -> list[Student]:
        """The namesakes who are this pupil; Doubt when only a birth date, a patronymic or a code could tell."""
        mine = self.wanted.get(record.external_id, set())
        namesakes = [row for row in rows if same_middle(record.name, name_of(row))]
        born_then = [row for row in namesakes if record.born_on and row.birth_date == record.born_on]
        if born_then:
            return born_then
        unsure = [row for row in namesakes if not record.born_on or not row.birth_date]
        same_class = [row for row in unsure if self.standing[row.id] & mine]
        if same_class or not mine:
            return same_class or unsure
        if has_own_code(record):
            unsure = [row for row in unsure if "|" in row.external_id]
        else:
            unsure += [row for row in namesakes if row not in unsure and self.standing[row.id] & mine]
        if unsure:
            raise Doubt(unsure)
        return []

    def describe(self, row: Student) -> str:
        """«Иванов Иван Петрович, 7А, 05.03.2013»."""
        groups = sorted(self.groups[one] for one in self.standing[row.id])
        born = [date_format(row.birth_date, "d.m.Y")] if row.birth_date else []
        return ", ".join([row.full_name, *groups, *born])


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
