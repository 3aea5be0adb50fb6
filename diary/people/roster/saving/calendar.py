"""Saves the school's own row, its years, grading periods and bells."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from zoneinfo import available_timezones

from django.db.models import F
from django.utils.translation import gettext as _

from diary.people.roster.imports.records import BellRecord, Kind, PeriodRecord, YearRecord
from diary.people.roster.imports.wording import plain
from diary.people.roster.saving.batch import Batch
from diary.people.roster.saving.run import ONE_DAY, Saving, own_code, pair
from diary.people.schools.models import Bell, BellSchedule, GradingPeriod, School, SchoolYear

PARALLELS = range(1, 12)
WORKING_DAYS = (1, 2, 3, 4, 5, 6)
_OUT_OF_THE_WAY = 1_000

Place = tuple[uuid.UUID, int]  # year, parallel


def save_school(saving: Saving) -> None:
    """Name and time zone; a name that changes is told, it may be another school's file."""
    record, school = saving.data.school, saving.school
    if record is None:
        return
    saving.begin(Kind.SCHOOL)
    if plain(record.name) != plain(school.name):
        saving.report.warning(
            _("Название школы изменится: было «%(before)s», станет «%(after)s».")
            % {"before": school.name, "after": record.name},
            _("Проверьте, что это файл вашей школы."),
            record.source,
            "name",
        )
    batch = Batch(School)
    is_changed = batch.change(
        school,
        name=None if plain(record.name) == plain(school.name) else record.name,
        short_name=record.short_name or None,
        timezone=_timezone(saving, record.timezone),
    )
    batch.write()
    saving.kept(record, Kind.SCHOOL, is_changed=is_changed)
    saving.step(1, Kind.SCHOOL)


def _timezone(saving: Saving, name: str) -> str | None:
    if name and name not in available_timezones() and saving.data.school:
        saving.report.warning(
            _("Часовой пояс «%(name)s» неизвестен и не записан.") % {"name": name},
            _("Напишите его как в базе IANA: Europe/Moscow."),
            saving.data.school.source,
            "timezone",
        )
        return None
    return name or None


def save_years(saving: Saving) -> None:
    """Years by their first calendar year. A year whose days were only derived may grow, never shrink."""
    saving.begin(Kind.YEARS)
    rows = list(SchoolYear.objects.filter(school_id=saving.school_id).order_by("starts_on", "id"))
    batch = Batch(SchoolYear)
    pairs = pair(
        saving,
        Kind.YEARS,
        saving.data.years,
        rows,
        key=lambda one: year_key(one.title),
        row_key=lambda row: year_key(row.name),
    )
    for record, row in list(pairs):
        if row is None and record.is_ended:
            saving.skipped(record, Kind.YEARS)
        elif row is None:
            row = batch.add(_new_year(saving, record))
            rows.append(row)
            saving.created(record, Kind.YEARS)
        else:
            saving.kept(record, Kind.YEARS, is_changed=_change_year(batch, row, record))
        saving.rows[Kind.YEARS][record.external_id] = row
    batch.write()
    saving.learn(Kind.YEARS, rows)
    for row in rows:
        saving.rows[Kind.YEARS].setdefault(year_title(row.name), row)
    saving.current_year = current_year(rows, saving.today)
    saving.step(len(saving.data.years), Kind.YEARS)


def year_key(name: str) -> str:
    """«2026/2027», «2026/27», «2026-2027 уч. год» → «2026»."""
    match = re.search(r"\d{4}", name)
    return match[0] if match else plain(name)


def year_title(name: str) -> str:
    """«2026/27» → «2026/2027», as the files write it."""
    key = year_key(name)
    return f"{key}/{int(key) + 1}" if key.isdecimal() else name


def current_year(rows: Iterable[SchoolYear], today: dt.date) -> SchoolYear | None:
    """The year that holds today, else the next one, else the last one."""
    ordered = sorted(rows, key=lambda row: row.starts_on)
    going = [row for row in ordered if row.ends_until > today]
    return next(iter(going or ordered[-1:]), None)


def _new_year(saving: Saving, record: YearRecord) -> SchoolYear:
    first = year_key(record.title)
    return SchoolYear(
        school_id=saving.school_id,
        name=f"{first}/{(int(first) + 1) % 100:02d}" if first.isdecimal() else record.title,
        starts_on=record.starts_on,
        ends_until=record.ends_on + ONE_DAY,
        external_id=record.external_id,
    )


def _change_year(batch: Batch[SchoolYear], row: SchoolYear, record: YearRecord) -> bool:
    starts_on, ends_until = record.starts_on, record.ends_on + ONE_DAY
    if record.is_derived or record.is_ended:
        starts_on, ends_until = min(row.starts_on, starts_on), max(row.ends_until, ends_until)
    return batch.change(row, starts_on=starts_on, ends_until=ends_until, external_id=own_code(record))


def save_periods(saving: Saving) -> None:
    """One row for each parallel of the record; numbers follow the first days."""
    if Kind.PERIODS not in saving.data.given:
        return
    saving.begin(Kind.PERIODS)
    records = [one for one in saving.data.periods if saving.find(Kind.YEARS, one.year_id)]
    _Periods(saving).save(records)
    saving.step(len(saving.data.periods), Kind.PERIODS)


class _Periods:
    def __init__(self, saving: Saving) -> None:
        self.saving = saving
        self.batch = Batch(GradingPeriod)
        self.by_place: dict[Place, list[GradingPeriod]] = defaultdict(list)
        for row in GradingPeriod.objects.filter(school_id=saving.school_id).order_by("starts_on", "id"):
            self.by_place[row.year_id, row.parallel].append(row)
        self.told: dict[uuid.UUID, PeriodRecord] = {}

    def save(self, records: list[PeriodRecord]) -> None:
        for record in records:
            self._save_one(record)
        for place in {
            (row.year_id, row.parallel) for rows in self.by_place.values() for row in rows if row.id in self.told
        }:
            self._check_overlaps(place)
        if self.saving.report.is_clean:
            self._number()
            self.batch.write()

    def _save_one(self, record: PeriodRecord) -> None:
        year: SchoolYear = self.saving.rows[Kind.YEARS][record.year_id]
        results = [self._save_row(record, (year.id, parallel)) for parallel in record.grades or PARALLELS]
        if "created" in results:
            self.saving.created(record, Kind.PERIODS)
        elif "skipped" in results:
            self.saving.skipped(record, Kind.PERIODS)
        else:
            self.saving.kept(record, Kind.PERIODS, is_changed="changed" in results)

    def _save_row(self, record: PeriodRecord, place: Place) -> str:
        row = self._present(record, place)
        if record.is_ended:
            return "skipped" if row is None else "kept"
        values = {"name": record.title, "starts_on": record.starts_on, "ends_until": record.ends_on + ONE_DAY}
        if row is None:
            row = GradingPeriod(
                school_id=self.saving.school_id,
                year_id=place[0],
                parallel=place[1],
                number=0,
                external_id=record.external_id,
                **values,
            )
            self.by_place[place].append(self.batch.add(row))
            self.told[row.id] = record
            return "created"
        self.told[row.id] = record
        if row.closed_at and (row.starts_on, row.ends_until) != (values["starts_on"], values["ends_until"]):
            self._refuse_closed(record, row)
            return "kept"
        if plain(row.name) == plain(record.title):
            del values["name"]
        return "changed" if self.batch.change(row, external_id=own_code(record), **values) else "kept"

    def _present(self, record: PeriodRecord, place: Place) -> GradingPeriod | None:
        free = [row for row in self.by_place[place] if row.id not in self.told]
        by_code = [row for row in free if row.external_id == record.external_id]
        by_name = [row for row in free if plain(row.name) == plain(record.title)]
        return next(iter(by_code or by_name), None)

    def _refuse_closed(self, record: PeriodRecord, row: GradingPeriod) -> None:
        self.saving.report.error(
            _("Период «%(name)s» уже закрыт, и его дни не меняются.") % {"name": row.name},
            _("Верните в файле прежние даты или попросите завуча открыть период."),
            record.source,
            "starts_on",
        )

    def _check_overlaps(self, place: Place) -> None:
        ordered = sorted(self.by_place[place], key=lambda row: row.starts_on)
        for first, second in pairwise(ordered):
            record = self.told.get(second.id) or self.told.get(first.id)
            if record and first.ends_until > second.starts_on and not {first.id, second.id} <= set(self.told):
                other = first if second.id in self.told else second
                self.saving.report.error(
                    _("У %(parallel)s-х классов в эти дни уже есть период «%(name)s».")
                    % {"parallel": place[1], "name": other.name},
                    _("Добавьте его в файл с новыми датами или исправьте даты этой строки."),
                    record.source,
                    "starts_on",
                )

    def _number(self) -> None:
        """Numbers in the order of days; rows that change number step aside first, for numbers are unique."""
        moved = []
        for rows in self.by_place.values():
            for number, row in enumerate(sorted(rows, key=lambda row: row.starts_on), start=1):
                if row.number != number:
                    if row.number:
                        moved.append(row.id)
                    self.batch.change(row, number=number)
        if moved:
            rows_of_school = GradingPeriod.objects.filter(school_id=self.saving.school_id, id__in=moved)
            rows_of_school.update(number=F("number") + _OUT_OF_THE_WAY)


def save_bells(saving: Saving) -> None:
    """Schedules are known by name, shift and weekdays; a bell by its number in a schedule."""
    saving.begin(Kind.BELLS)
    schedules = list(BellSchedule.objects.filter(school_id=saving.school_id).order_by("shift", "name", "id"))
    by_key = {_schedule_key(one.name, one.shift, one.weekdays): one for one in reversed(schedules)}
    bells = Bell.objects.filter(school_id=saving.school_id).order_by("number", "id")
    by_number = {(one.schedule_id, one.number): one for one in bells}
    new_schedules, batch = Batch(BellSchedule), Batch(Bell)
    for record in saving.data.bells:
        key = _schedule_key(record.schedule, record.shift, record.weekdays)
        if key not in by_key:
            by_key[key] = new_schedules.add(_new_schedule(saving, record))
            schedules.append(by_key[key])
        bell = by_number.get((by_key[key].id, record.number))
        if bell is None:
            by_number[by_key[key].id, record.number] = batch.add(_new_bell(saving, by_key[key], record))
            saving.created(record, Kind.BELLS)
        else:
            is_changed = batch.change(bell, starts_at=record.starts_at, ends_at=record.ends_at)
            saving.kept(record, Kind.BELLS, is_changed=is_changed)
    new_schedules.write()
    batch.write()
    usual = sorted(schedules, key=lambda one: -len(one.weekdays or WORKING_DAYS))
    for one in usual:
        saving.rows[Kind.BELLS].setdefault(str(one.shift), one)
    saving.learn(Kind.BELLS, schedules)
    saving.step(len(saving.data.bells), Kind.BELLS)


def _schedule_key(name: str, shift: int, weekdays: Iterable[int]) -> tuple[str, int, tuple[int, ...]]:
    """No weekdays means all of them; Sunday is nobody's working day."""
    return plain(name), shift, tuple(sorted(set(weekdays or WORKING_DAYS) - {7}))


def _new_schedule(saving: Saving, record: BellRecord) -> BellSchedule:
    name, shift, days = _schedule_key(record.schedule, record.shift, record.weekdays)
    return BellSchedule(
        school_id=saving.school_id,
        name=record.schedule,
        shift=shift,
        weekdays=list(days),
        external_id=f"{name}|{shift}|{''.join(map(str, days))}",
    )


def _new_bell(saving: Saving, schedule: BellSchedule, record: BellRecord) -> Bell:
    return Bell(
        school_id=saving.school_id,
        schedule_id=schedule.id,
        number=record.number,
        starts_at=record.starts_at,
        ends_at=record.ends_at,
    )
