"""School years, their periods and the bells: order, borders, overlaps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.records import BellRecord, PeriodRecord, Record, SchoolData, YearRecord

_LONGEST_YEAR = timedelta(days=400)


def check_years(data: SchoolData, report: Report) -> None:
    for year in data.years:
        _check_order(year, year.starts_on, year.ends_on, report)
        if year.ends_on - year.starts_on > _LONGEST_YEAR:
            report.error(_("Учебный год длиннее 400 дней."), _("Проверьте даты."), year.source, "ends_on")
    years = {year.external_id: year for year in data.years}
    for period in data.periods:
        _check_order(period, period.starts_on, period.ends_on, report)
        _check_inside_year(period, years.get(period.year_id), report)
    for one, other in _overlapping_periods(data.periods):
        report.error(
            _("Период пересекается с «%(title)s» (строка %(line)s) у тех же параллелей.")
            % {"title": one.title, "line": one.source.line},
            _("Исправьте даты или параллели: в один день у класса идёт один период."),
            other.source,
            "starts_on",
        )


def _check_order(record: Record, starts_on: date, ends_on: date, report: Report) -> None:
    if starts_on > ends_on:
        report.error(_("Конец раньше начала."), _("Проверьте обе даты."), record.source, "ends_on")


def _check_inside_year(period: PeriodRecord, year: YearRecord | None, report: Report) -> None:
    if year and not (year.starts_on <= period.starts_on and period.ends_on <= year.ends_on):
        report.error(
            _("Период «%(title)s» выходит за границы учебного года.") % {"title": period.title},
            _("Проверьте даты периода и года."),
            period.source,
            "ends_on",
        )


def _overlapping_periods(periods: Iterable[PeriodRecord]) -> Iterator[tuple[PeriodRecord, PeriodRecord]]:
    for one, other in combinations([period for period in periods if not period.is_ended], 2):
        is_same_time = one.starts_on <= other.ends_on and other.starts_on <= one.ends_on
        shares_grades = not one.grades or not other.grades or set(one.grades) & set(other.grades)
        if is_same_time and shares_grades and one.external_id != other.external_id:
            yield one, other


def check_bells(bells: Iterable[BellRecord], report: Report) -> None:
    days: dict[tuple[str, int, tuple[int, ...]], list[BellRecord]] = defaultdict(list)
    for bell in bells:
        if bell.starts_at >= bell.ends_at:
            report.error(_("Урок кончается не позже, чем начинается."), _("Проверьте время."), bell.source, "ends_at")
        days[bell.schedule, bell.shift, bell.weekdays].append(bell)
    for day in days.values():
        ordered = sorted(day, key=lambda bell: bell.number)
        for before, after in pairwise(ordered):
            if before.number != after.number and after.starts_at < before.ends_at:
                report.error(
                    _("Урок %(number)s начинается раньше, чем кончается предыдущий.") % {"number": after.number},
                    _("Проверьте время и номера уроков."),
                    after.source,
                    "starts_at",
                )
