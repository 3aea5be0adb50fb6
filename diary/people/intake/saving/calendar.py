"""Saves the school's own row and its years."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from diary.foundation.core.text import plain
from diary.people.intake.records import Kind, YearRecord
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.identity import Identity, pair
from diary.people.intake.saving.run import ONE_DAY, Saving, own_code
from diary.people.schools.models import School, SchoolYear


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
        Identity(
            key=lambda one: year_key(one.title),
            row_key=lambda row: year_key(row.name),
        ),
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
        saving.years.put(record.external_id, row)
    batch.write()
    saving.years.learn(rows)
    for row in rows:
        saving.years.also(year_title(row.name), row)
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
