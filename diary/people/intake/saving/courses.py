"""Saves courses: the pages of the journal."""

from __future__ import annotations

import copy
import uuid
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from diary.people.intake.records import CourseRecord, Kind
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.identity import Identity, pair
from diary.people.intake.saving.run import Saving, own_code
from diary.people.roster.models import Course, CourseTeacher, Group, Staff

TENTH = Decimal("0.1")


def save_courses(saving: Saving) -> None:
    """Courses by group and subject; where a group has two pages of a subject, by teacher too."""
    saving.begin(Kind.COURSES)
    years = {row.year_id for row in (*saving.classes, *saving.subgroups)}
    rows = list(Course.objects.filter(school_id=saving.school_id, year_id__in=years).order_by("external_id", "id"))
    _Courses(saving, rows).save()
    saving.courses.learn(rows)
    saving.step(len(saving.data.courses), Kind.COURSES)


class _Courses:
    def __init__(self, saving: Saving, rows: list[Course]) -> None:
        self.saving, self.rows = saving, rows
        self.batch = Batch(Course)
        self.former = Batch(CourseTeacher)
        self.years = {row.id: row for row in saving.years}
        self.pages = Counter((row.group_id, row.subject_id) for row in rows)

    def save(self) -> None:
        placed = [one for one in self.saving.data.courses if self._is_placed(one)]
        matched = pair(
            self.saving,
            Kind.COURSES,
            placed,
            self.rows,
            Identity(
                key=self._key,
                row_key=lambda row: self._place(row.group_id, row.subject_id, row.teacher_id),
                code=lambda one: (self._group(one).year_id, one.external_id),
                row_code=lambda row: (row.year_id, row.external_id),
            ),
        )
        for record, row in list(matched):
            self._save_one(record, row)
        self.batch.write()
        self.former.write()

    def _save_one(self, record: CourseRecord, row: Course | None) -> None:
        teacher = self._teacher(record)
        if row is None and (record.is_ended or teacher is None):
            self._skip(record)
            return
        self._tell_others(record)
        group, subject = self._group(record), self.saving.subjects.find(record.subject_id)
        values: dict[str, Any] = {
            "group_id": group.id,
            "subject_id": subject.id if subject else None,
            "teacher_id": teacher.id if teacher else None,
            "hours_per_week": _hours(record),
        }
        if row is None:
            row = Course(school_id=self.saving.school_id, year_id=group.year_id, external_id=record.external_id)
            self.rows.append(self.batch.add(row))
            self.batch.change(row, **values)
            self.saving.created(record, Kind.COURSES)
        elif record.is_ended:
            self.saving.kept(record, Kind.COURSES, is_changed=False)
        else:
            values |= self._handed_over(row, values.pop("teacher_id"))
            is_changed = self.batch.change(row, external_id=own_code(record), **values)
            self.saving.kept(record, Kind.COURSES, is_changed=is_changed)
        self.saving.courses.put(record.external_id, row)

    def _handed_over(self, row: Course, teacher_id: uuid.UUID | None) -> dict[str, Any]:
        """Another teacher leads from today on; who did until now stays on record (F5)."""
        if teacher_id in (None, row.teacher_id):
            return {}
        year, after = self.years[row.year_id], copy.copy(row)
        before = after.hand_over(teacher_id, starts_on=self.saving.today, year_starts_on=year.starts_on)
        if before is not None:
            self.former.add(before)
        return {"teacher_id": after.teacher_id, "teacher_starts_on": after.teacher_starts_on}

    def _is_placed(self, record: CourseRecord) -> bool:
        if self._find_group(record) and self.saving.subjects.find(record.subject_id):
            return True
        self.saving.skipped(record, Kind.COURSES)
        return False

    def _find_group(self, record: CourseRecord) -> Group | None:
        whole: Group | None = self.saving.classes.find(record.class_id)
        return whole or self.saving.subgroups.find(record.subgroup_id)

    def _group(self, record: CourseRecord) -> Group:
        group = self._find_group(record)
        assert group is not None
        return group

    def _teacher(self, record: CourseRecord) -> Staff | None:
        found: Iterable[Staff | None] = (self.saving.staff.find(one) for one in record.teacher_ids)
        return next((one for one in found if one is not None), None)

    def _key(self, record: CourseRecord) -> tuple[object, ...]:
        subject = self.saving.subjects.find(record.subject_id)
        teacher = self._teacher(record)
        return self._place(self._group(record).id, subject.id if subject else None, teacher.id if teacher else None)

    def _place(self, group_id: object, subject_id: object, teacher_id: object) -> tuple[object, ...]:
        has_twins = self.pages[group_id, subject_id] > 1  # type: ignore[index]
        return group_id, subject_id, teacher_id if has_twins else None

    def _skip(self, record: CourseRecord) -> None:
        if record.is_ended:
            self.saving.skipped(record, Kind.COURSES)
            return
        self.saving.skipped(
            record,
            Kind.COURSES,
            _("У курса нет учителя: курс и его уроки пропущены."),
            _("Укажите учителя и загрузите файл снова."),
            "teachers",
        )

    def _tell_others(self, record: CourseRecord) -> None:
        others = [self.saving.staff.find(one) for one in record.teacher_ids[1:]]
        names = ", ".join(one.short_name for one in others if one)
        if names:
            self.saving.report.note(
                _("У курса записан один учитель, первый. Не записаны: %(names)s.") % {"names": names},
                _("Если предмет ведут по подгруппам, заведите подгруппы и по курсу на каждую."),
                record.source,
                "teachers",
            )


def _hours(record: CourseRecord) -> Decimal | None:
    return record.hours_a_week.quantize(TENTH, ROUND_HALF_UP) if record.hours_a_week is not None else None
