"""Saves the weekly timetable of a school import: handed in to the roster, which knows nothing of slots."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.utils.dates import WEEKDAYS as DAYS_FROM_MONDAY
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.people.intake.records import Kind, SlotRecord, Week
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.run import ONE_DAY, Saving
from diary.people.roster.models import Course
from diary.schoolwork.timetable.models import WeeklySlot
from diary.schoolwork.timetable.queries import SchoolBells

SUNDAY = 7


def save_slots(saving: Saving) -> None:
    """Slots by course, weekday and number; a file changes what it names. Only when whoever loads it has chosen so, it
    is the whole timetable of its courses: what it does not name ends today. `replanning` brings the lessons in line.
    """
    if Kind.SLOTS not in saving.data.given:
        return
    saving.begin(Kind.SLOTS)
    _Slots(saving).save()
    saving.step(len(saving.data.slots), Kind.SLOTS)


class _Slots:
    def __init__(self, saving: Saving) -> None:
        self.saving = saving
        self.batch = Batch(WeeklySlot)
        self.groups = {row.id: row for row in (*saving.classes, *saving.subgroups)}
        self.years = {row.id: row for row in saving.years}
        self.rooms = {one.external_id: one.room_id for one in saving.data.courses}
        course_ids = {course.id for one in saving.data.slots if (course := saving.courses.find(one.course_id))}
        self.rows: dict[tuple[uuid.UUID, int, int], list[WeeklySlot]] = defaultdict(list)
        rows = WeeklySlot.objects.filter(school_id=saving.school_id, course_id__in=course_ids).order_by(
            "starts_on", "id"
        )
        for row in rows:
            self.rows[row.course_id, row.weekday, row.number].append(row)
        self.taken: set[uuid.UUID] = set()
        self.bells = SchoolBells(saving.school_id)

    def save(self) -> None:
        for record in self.saving.data.slots:
            self._save_one(record)
        self._leave_or_drop_the_rest()
        self.batch.write()

    def _save_one(self, record: SlotRecord) -> None:
        course: Course | None = self.saving.courses.find(record.course_id)
        if course is None or self._is_alternating(record):
            if course is None:
                self.saving.skipped(record, Kind.SLOTS)
            return
        if not record.is_ended and not self._has_bell(course, record):
            return
        year = self.years[course.year_id]
        first = max(record.starts_on or year.starts_on, year.starts_on)
        until = min(record.ends_on + ONE_DAY if record.ends_on else year.ends_until, year.ends_until)
        row = self._present(course, record, first, until)
        if first >= until or (row is None and record.is_ended):
            self.saving.skipped(record, Kind.SLOTS)
        elif row is None:
            self._add(course, record, first, until)
            self.saving.created(record, Kind.SLOTS)
        else:
            until = min(until, max(self.saving.today, row.starts_on + ONE_DAY)) if record.is_ended else until
            is_changed = self.batch.change(
                row, starts_on=first if record.starts_on else None, until=until, room_id=self._room_id(record)
            )
            self.saving.kept(record, Kind.SLOTS, is_changed=is_changed)

    def _has_bell(self, course: Course, record: SlotRecord) -> bool:
        """As by hand: no lesson on a day or at a number when nothing rings."""
        group = self.groups.get(course.group_id)
        home = self.groups.get(group.home_class_id) if group and group.home_class_id else None
        schedule_id = (group.bells_id if group else None) or (home.bells_id if home else None)
        if self.bells.bell(schedule_id, record.weekday, record.number):
            return True
        if self.bells.is_empty and record.weekday < SUNDAY:
            return True
        self.saving.refuse(
            record,
            Kind.SLOTS,
            _("%(day)s: нет звонка на %(number)s-й урок.")
            % {"day": str(DAYS_FROM_MONDAY[record.weekday - 1]).capitalize(), "number": record.number},
            _("Исправьте день или номер урока или добавьте звонок на лист «Звонки»."),
            "weekday",
        )
        return False

    def _is_alternating(self, record: SlotRecord) -> bool:
        if record.week is Week.EVERY:
            return False
        self.saving.skipped(
            record,
            Kind.SLOTS,
            _("Чередование недель пока не поддерживается: строка пропущена."),
            _("Поставьте урок на каждую неделю или добавьте его в журнале на нужные даты."),
            "week",
        )
        return True

    def _present(self, course: Course, record: SlotRecord, first: dt.date, until: dt.date) -> WeeklySlot | None:
        here = self.rows[course.id, record.weekday, record.number]
        free = [row for row in here if row.id not in self.taken and row.starts_on < until and row.until > first]
        row = next((one for one in free if one.starts_on == first), free[-1] if free else None)
        if row is not None:
            self.taken.add(row.id)
        return row

    def _add(self, course: Course, record: SlotRecord, first: dt.date, until: dt.date) -> None:
        row = WeeklySlot(
            school_id=self.saving.school_id,
            course_id=course.id,
            weekday=record.weekday,
            number=record.number,
            room_id=self._room_id(record),
            starts_on=first,
            until=until,
        )
        self.taken.add(self.batch.add(row).id)

    def _room_id(self, record: SlotRecord) -> uuid.UUID | None:
        room = self.saving.rooms.find(record.room_id or self.rooms.get(record.course_id, ""))
        return room.id if room else None

    def _leave_or_drop_the_rest(self) -> None:
        gone = [row for rows in self.rows.values() for row in rows if row.id not in self.taken]
        gone = [row for row in gone if row.until > self.saving.today]
        self.saving.unnamed_slots = len(gone)
        if not gone:
            return
        if not self.saving.replaces_timetable:
            self._tell_left(len(gone))
            return
        unbegun = [row.id for row in gone if row.starts_on >= self.saving.today]
        for row in self._begun(gone):
            self.batch.change(row, until=self.saving.today)
        WeeklySlot.objects.filter(school_id=self.saving.school_id, id__in=unbegun).delete()
        self.saving.report.note(
            ngettext(
                "Из недельного расписания убран %(n)s урок, которого больше нет в файле.",
                "Из недельного расписания убрано уроков, которых больше нет в файле: %(n)s.",
                len(gone),
            )
            % {"n": len(gone)},
            _("Уроки, уже стоящие на датах, следуют расписанию с завтрашнего дня."),
        )

    def _tell_left(self, count: int) -> None:
        self.saving.report.warning(
            ngettext(
                "В недельном расписании есть ещё %(n)s урок по этим курсам, в файле его нет: он останется.",
                "В недельном расписании есть ещё уроки по этим курсам, в файле их нет (%(n)s): они останутся.",
                count,
            )
            % {"n": count},
            _("Если файл – полное расписание этих курсов, отметьте это перед загрузкой."),
        )

    def _begun(self, rows: Iterable[WeeklySlot]) -> list[WeeklySlot]:
        return [row for row in rows if row.starts_on < self.saving.today]
