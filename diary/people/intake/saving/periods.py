"""Saves grading periods: one row for each parallel, numbered by their first days."""

from __future__ import annotations

import uuid
from collections import defaultdict
from itertools import pairwise

from django.db.models import F
from django.utils.translation import gettext as _

from diary.foundation.core.text import plain
from diary.people.intake.records import Kind, PeriodRecord
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.run import ONE_DAY, Saving, own_code
from diary.people.roster.rules.class_names import MAX_PARALLEL
from diary.people.schools.models import GradingPeriod, SchoolYear

PARALLELS = range(1, MAX_PARALLEL + 1)
_OUT_OF_THE_WAY = 1_000

Place = tuple[uuid.UUID, int]  # year, parallel


def save_periods(saving: Saving) -> None:
    """One row for each parallel of the record; numbers follow the first days."""
    if Kind.PERIODS not in saving.data.given:
        return
    saving.begin(Kind.PERIODS)
    records = [one for one in saving.data.periods if saving.years.find(one.year_id)]
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
        year: SchoolYear = self.saving.years.get(record.year_id)
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
