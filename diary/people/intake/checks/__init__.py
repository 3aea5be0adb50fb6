"""Looks over a whole school before anything is saved; every finding goes to the report, none stops the others."""

from datetime import date

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.checks.calendar import check_bells, check_years
from diary.people.intake.checks.links import check_links
from diary.people.intake.checks.membership import check_enrollments, check_subgroups
from diary.people.intake.checks.people import check_people
from diary.people.intake.checks.repeats import check_repeats
from diary.people.intake.checks.timetable import check_timetable
from diary.people.intake.records import NOTHING_KNOWN, Known, SchoolData

__all__ = ["check_school"]


def check_school(data: SchoolData, report: Report, *, today: date, known: Known = NOTHING_KNOWN) -> None:
    """Adds to the report everything that is wrong with the data; `known` is what the school already has."""
    if data.given and data.school is None and not known.has_school:
        report.error(_("Нет сведений о школе."), _("Заполните лист «Школа» (в OneRoster – файл orgs.csv со школой)."))
    check_repeats(data, report)
    check_links(data, known, report)
    check_years(data, report)
    check_bells(data.bells, report)
    check_people(data, report, today)
    check_enrollments(data, report)
    check_subgroups(data, report)
    check_timetable(data, known, report)
