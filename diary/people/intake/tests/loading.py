"""An empty school on 14 October 2026 and the way from sheets to rows, for tests here and in higher rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from diary.foundation.access.actor import system_actor
from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.foundation.tables.report import Level, Report
from diary.foundation.tables.sources import Upload
from diary.foundation.tables.tests.files import Rows, as_zip
from diary.people.intake.actions import ImportRefused, import_school
from diary.people.intake.reading.formats import read_and_check
from diary.people.intake.saving.known import known_of
from diary.people.intake.saving.outcome import Counts, ImportOutcome
from diary.people.schools.models import School
from tests.people import NOW, TODAY, Cast


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of one import."""

    outcome: ImportOutcome
    report: Report

    @property
    def errors(self) -> list[str]:
        return self._of(Level.ERROR)

    @property
    def warnings(self) -> list[str]:
        return self._of(Level.WARNING)

    @property
    def notes(self) -> list[str]:
        return self._of(Level.NOTE)

    def _of(self, level: Level) -> list[str]:
        return [str(one) for one in self.report.problems if one.level is level]

    @property
    def changes(self) -> dict[str, tuple[int, int]]:
        """(created, changed) of the kinds where anything was."""
        return {k.value: (c.created, c.changed) for k, c in self.outcome.counts.items() if c.created or c.changed}

    def of(self, kind: str) -> Counts:
        return next((counts for key, counts in self.outcome.counts.items() if key.value == kind), Counts())


Load = Callable[..., Loaded]


@pytest.fixture
def school(cast: Cast) -> Iterator[School]:
    """A school without anything, in scope."""
    made = School.objects.create(
        name="МБОУ СОШ № 1", short_name="Школа № 1", timezone="Europe/Moscow", external_id="empty"
    )
    with clock.fixed(NOW), school_scope([made.id]):
        yield made


def load_into(
    school: School, sheets: dict[str, Rows] | list[Upload], *, dry_run: bool = False, replaces_timetable: bool = False
) -> Loaded:
    """Read, check, save; with errors nothing is saved and nothing is raised."""
    report = Report()
    known = known_of(school, TODAY)
    uploads = [Upload("school.zip", as_zip(sheets))] if isinstance(sheets, dict) else sheets
    data = read_and_check(uploads, report, known=known, today=TODAY, school_id=school.external_id)
    actor = system_actor([school.id])
    try:
        with transaction.atomic():
            outcome: ImportOutcome = import_school(
                actor, school, data=data, report=report, dry_run=dry_run, replaces_timetable=replaces_timetable
            )
    except ImportRefused:
        return Loaded(ImportOutcome(), report)
    return Loaded(outcome, report)


@pytest.fixture
def load(school: School) -> Load:
    """Load sheets into the empty school."""
    return lambda sheets, **kwargs: load_into(school, sheets, **kwargs)
