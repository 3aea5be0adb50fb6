"""Loading a school from files as a deed."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.tables.report import Report
from diary.people.intake.policies import can_import_school
from diary.people.intake.records import SchoolData
from diary.people.intake.saving.everything import save_school_data
from diary.people.intake.saving.outcome import ImportOutcome
from diary.people.intake.saving.run import Saving, Tell, silent
from diary.people.intake.saving.whole import check_saved_links
from diary.people.schools.models import School


class ImportRefused(BadInput):
    """The files cannot be loaded; nothing was written. The report says why, line by line."""


class _Undo(Exception):
    """Takes a trial run back to the savepoint."""


@action(check=can_import_school)
def import_school(
    actor: Actor,
    school: School,
    *,
    data: SchoolData,
    report: Report,
    dry_run: bool = False,
    replaces_timetable: bool = False,
    tell: Tell = silent,
) -> ImportOutcome:
    """Write a school that was read and checked (U6): all or nothing; the same files again change nothing.

    With `dry_run` everything is written and taken back, so its counts are true. What the database finds wrong is added
    to `report`. With `replaces_timetable` weekly lessons of the files' courses that the files do not name end.
    Raises ImportRefused when the report has errors, and whatever `tell` raises (jobs.progress.Stopped).
    """
    saving = Saving(school, data, report, clock.today(school.timezone), tell)
    saving.replaces_timetable = replaces_timetable
    try:
        with transaction.atomic():
            if report.is_clean:
                School.objects.select_for_update(no_key=True).get(id=school.id)
                save_school_data(saving)
                saving.finish()
                check_saved_links(school.id)
                connection.check_constraints()
            if dry_run or not report.is_clean:
                raise _Undo
    except _Undo:
        school.refresh_from_db()
    if not dry_run and not report.is_clean:
        raise ImportRefused(_("Загрузить нельзя: в файлах есть ошибки. Они перечислены в отчёте."))
    outcome = saving.outcome
    log.note(
        school, dry_run=dry_run, replaces_timetable=replaces_timetable, accounts=outcome.accounts, **_changes(outcome)
    )
    return outcome


def _changes(outcome: ImportOutcome) -> dict[str, Any]:
    return {
        kind.value: [one.created, one.changed] for kind, one in outcome.counts.items() if one.created or one.changed
    }
