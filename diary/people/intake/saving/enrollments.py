"""Saves who is in which class and subgroup, and since when: corrected days change a row, transfers end the old one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diary.foundation.core.text import plain
from diary.people.intake.records import EnrollmentRecord, Kind
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.run import ONE_DAY, Saving, own_code
from diary.people.roster.models import Enrollment, Group, Student
from diary.people.schools.models import SchoolYear

Place = tuple[uuid.UUID, uuid.UUID]  # student, group
Rivals = tuple[object, ...]  # groups of which a student is in one at a time share this key


def save_enrollments(saving: Saving) -> None:
    """Memberships by code, else by pupil, group and overlapping days."""
    saving.begin(Kind.ENROLLMENTS)
    _Enrollments(saving).save()
    saving.step(len(saving.data.enrollments), Kind.ENROLLMENTS)


@dataclass(slots=True)
class _Wish:
    """What a record asks for, in rows of the database; days as [first, until)."""

    record: EnrollmentRecord
    student: Student
    group: Group
    first: dt.date
    until: dt.date | None
    row: Enrollment | None = None

    @property
    def place(self) -> Place:
        return self.student.id, self.group.id


class _Enrollments:
    def __init__(self, saving: Saving) -> None:
        self.saving = saving
        self.batch = Batch(Enrollment)
        self.groups: dict[uuid.UUID, Group] = {row.id: row for row in (*saving.classes, *saving.subgroups)}
        self.years: dict[uuid.UUID, SchoolYear] = {row.id: row for row in saving.years}
        self.gone = {one.external_id for one in saving.data.students if one.is_ended}
        rows = Enrollment.objects.filter(school_id=saving.school_id, group_id__in=list(self.groups))
        self.rows = list(rows.order_by("starts_on", "id"))

    def save(self) -> None:
        wishes = [wish for record in self.saving.data.enrollments if (wish := self._wish(record))]
        self._match(wishes)
        matched = {wish.row.id for wish in wishes if wish.row}
        rest = [row for row in self.rows if row.id not in matched]
        self._make_room(wishes, rest)
        for wish in wishes:
            self._save_one(wish)
        self.batch.write()

    def _wish(self, record: EnrollmentRecord) -> _Wish | None:
        student: Student | None = self.saving.students.find(record.student_id)
        group: Group | None = self.saving.classes.find(record.class_id)
        group = group or self.saving.subgroups.find(record.subgroup_id)
        if student is None or group is None or record.student_id in self.gone:
            self.saving.skipped(record, Kind.ENROLLMENTS)
            return None
        year = self.years[group.year_id]
        first = max(record.starts_on or year.starts_on, year.starts_on)
        until = record.ends_on + ONE_DAY if record.ends_on else None
        if until and until <= first:
            self.saving.skipped(
                record,
                Kind.ENROLLMENTS,
                _("Последний день раньше начала учебного года: строка пропущена."),
                _("Проверьте даты и учебный год класса."),
                "ends_on",
            )
            return None
        return _Wish(record, student, group, first, until)

    def _match(self, wishes: list[_Wish]) -> None:
        """First codes, then rows with the same first day, then rows that overlap."""
        by_code = {(row.student_id, row.group_id, row.external_id): row for row in self.rows}
        at_place: dict[Place, list[Enrollment]] = defaultdict(list)
        for row in self.rows:
            at_place[row.student_id, row.group_id].append(row)
        taken: set[uuid.UUID] = set()

        def take(wish: _Wish, row: Enrollment | None) -> None:
            if row is not None and wish.row is None and row.id not in taken:
                wish.row = row
                taken.add(row.id)

        for wish in wishes:
            take(wish, by_code.get((*wish.place, wish.record.external_id)))
        for wish in wishes:
            same_day = (row for row in at_place[wish.place] if row.starts_on == wish.first and row.id not in taken)
            take(wish, next(same_day, None))
        for wish in wishes:
            near = (row for row in reversed(at_place[wish.place]) if row.id not in taken and _meet(wish, row))
            take(wish, next(near, None))

    def _make_room(self, wishes: list[_Wish], rest: list[Enrollment]) -> None:
        """A pupil who comes to another class (or subgroup of a split) leaves the one the files do not speak of."""
        standing: dict[tuple[uuid.UUID, Rivals], list[Enrollment]] = defaultdict(list)
        for row in rest:
            standing[row.student_id, self._rivals(self.groups[row.group_id])].append(row)
        for wish in wishes:
            if wish.record.is_ended:
                continue
            for row in standing.get((wish.student.id, self._rivals(wish.group)), ()):
                if row.group_id != wish.group.id and _meet(wish, row):
                    self._end_or_refuse(wish, row, rest)

    def _rivals(self, group: Group) -> Rivals:
        if group.kind == Group.Kind.CLASS:
            return ("class", group.year_id)
        return ("subgroup", group.home_class_id, plain(group.split))

    def _end_or_refuse(self, wish: _Wish, row: Enrollment, rest: Iterable[Enrollment]) -> None:
        if wish.record.starts_on is None or wish.first <= row.starts_on:
            self._refuse_two_places(wish, row)
            return
        self.batch.put(row, until=wish.first)
        if wish.group.kind == Group.Kind.CLASS:
            for part in rest:
                if part.student_id == row.student_id and self.groups[part.group_id].home_class_id == row.group_id:
                    self._end_part(part, wish.first)
        self.saving.report.note(
            _("%(name)s: %(group)s до %(day)s, дальше – %(after)s.")
            % {
                "name": wish.student.short_name,
                "group": self.groups[row.group_id].name,
                "day": date_format(wish.first - ONE_DAY, "j E"),
                "after": wish.group.name,
            },
            "",
            wish.record.source,
        )

    def _end_part(self, part: Enrollment, day: dt.date) -> None:
        if part.starts_on < day and (part.until is None or part.until > day):
            self.batch.put(part, until=day)

    def _refuse_two_places(self, wish: _Wish, row: Enrollment) -> None:
        is_class = wish.group.kind == Group.Kind.CLASS
        self.saving.report.error(
            _("%(name)s уже в «%(group)s» с %(day)s.")
            % {
                "name": wish.student.short_name,
                "group": self.groups[row.group_id].name,
                "day": date_format(row.starts_on, "j E Y"),
            },
            _("Чтобы перевести в «%(group)s», укажите первый день там на листе «Зачисления» (столбец «С»).")
            % {"group": wish.group.name},
            wish.record.source,
            "class" if is_class else "subgroup" if wish.record.source.heading("subgroup").title else "subgroups",
        )

    def _save_one(self, wish: _Wish) -> None:
        record, row = wish.record, wish.row
        if record.is_ended:
            self._end(wish)
        elif row is None:
            self.batch.add(
                Enrollment(
                    school_id=self.saving.school_id,
                    student_id=wish.student.id,
                    group_id=wish.group.id,
                    starts_on=wish.first,
                    until=wish.until,
                    external_id=record.external_id,
                )
            )
            self.saving.created(record, Kind.ENROLLMENTS)
        else:
            is_changed = self.batch.change(row, external_id=own_code(record))
            starts_on = wish.first if record.starts_on else row.starts_on
            if wish.until and wish.until <= starts_on:
                starts_on = wish.first
            is_changed |= self.batch.put(row, starts_on=starts_on, until=wish.until)
            self.saving.kept(record, Kind.ENROLLMENTS, is_changed=is_changed)

    def _end(self, wish: _Wish) -> None:
        """The file says the record is no more: the row ends, on the named day or today."""
        if wish.row is None:
            self.saving.skipped(wish.record, Kind.ENROLLMENTS)
            return
        until = max(wish.until or self.saving.today, wish.row.starts_on + ONE_DAY)
        is_over = wish.row.until is not None and wish.row.until <= until
        is_changed = not is_over and self.batch.put(wish.row, until=until)
        self.saving.kept(wish.record, Kind.ENROLLMENTS, is_changed=is_changed)


def _meet(wish: _Wish, row: Enrollment) -> bool:
    begins_in_time = wish.until is None or row.starts_on < wish.until
    return begins_in_time and (row.until is None or row.until > wish.first)
