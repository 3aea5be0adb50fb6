"""The two background halves of an import: the check with its trial run, and the load."""

from __future__ import annotations

import uuid

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from diary.desks.office.queries import year_of_school
from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import acting_in
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.jobs.progress import Progress, carry_out
from diary.foundation.tables.packing import unpack
from diary.foundation.tables.report import Report
from diary.people.accounts.models import User
from diary.people.intake.actions import import_school
from diary.people.intake.reading.formats import read_and_check
from diary.people.intake.records import SchoolData
from diary.people.intake.saving.known import known_of
from diary.people.roster.models import ImportRun
from diary.people.schools.models import School
from diary.schoolwork.timetable.actions import realise_lessons

# no retry: whoever waits starts it again and sees what happens
QUEUE = "imports"
PROBLEMS_TOLD = 20


@app.task(name="office.check_import", queue=QUEUE)
def check_import(school_id: int, task_id: str, run_id: str, user_id: int, language: str) -> None:
    """Read the files, judge them, write everything and take it back; keep the report and the counts."""
    with translation.override(language):
        carry_out(school_id, uuid.UUID(task_id), lambda tell: _check(school_id, uuid.UUID(run_id), user_id, tell))


@app.task(name="office.load_import", queue=QUEUE)
def load_import(school_id: int, task_id: str, run_id: str, user_id: int, language: str) -> None:
    """The same, and what was written stays."""
    with translation.override(language):
        carry_out(school_id, uuid.UUID(task_id), lambda tell: _load(school_id, uuid.UUID(run_id), user_id, tell))


@app.task(name="office.lay_out_lessons", queue=QUEUE)
def lay_out_lessons(school_id: int, task_id: str, user_id: int, language: str) -> None:
    """Put the weekly timetable on the dates of the current year."""
    with translation.override(language):
        carry_out(school_id, uuid.UUID(task_id), lambda tell: _lay_out(school_id, user_id, tell))


def _lay_out(school_id: int, user_id: int, tell: Progress) -> str:
    actor = _again(user_id)
    with acting_in(actor):
        school = School.objects.visible_to(actor).get(id=school_id)
        year = year_of_school(school)
        if year is None:
            raise BadInput(_("Учебный год не заведён. Загрузите лист «Периоды»."))
        tell(0, 0, _("Ставлю уроки на даты"))
        done = realise_lessons(actor, school, first=year.starts_on, until=year.ends_until)
        tell(0, 0, _("Записываю"))
    words = ngettext("Поставлен %(n)s урок.", "Поставлено уроков: %(n)s.", done.added) % {"n": done.added}
    return "\n".join([words, *done.problems[:PROBLEMS_TOLD]])


def _check(school_id: int, run_id: uuid.UUID, user_id: int, tell: Progress) -> None:
    actor = _again(user_id)
    with acting_in(actor):
        run = _run(actor, school_id, run_id)
        report = Report()
        data = _read(run, report, tell)
        plan = import_school(actor, run.school, data=data, report=report, dry_run=True, tell=tell)
        run.report, run.plan = report.as_json(), plan.as_json()
        run.save(update_fields=["report", "plan"])


def _load(school_id: int, run_id: uuid.UUID, user_id: int, tell: Progress) -> None:
    """The outcome is kept in the import's own transaction: both are there, or neither."""
    actor = _again(user_id)
    with acting_in(actor):
        run = _run(actor, school_id, run_id)
        report = Report()
        data = _read(run, report, tell)
        outcome = import_school(actor, run.school, data=data, report=report, tell=tell)
        run.report, run.outcome, run.loaded_at = report.as_json(), outcome.as_json(), clock.now()
        run.save(update_fields=["report", "outcome", "loaded_at"])


def _again(user_id: int) -> Actor:
    """The person who started the work, with the roles of now."""
    return User.objects.with_roles().get(id=user_id, is_active=True).as_actor()


def _run(actor: Actor, school_id: int, run_id: uuid.UUID) -> ImportRun:
    rows = ImportRun.objects.visible_to(actor).select_related("school")
    run: ImportRun = rows.get(school_id=school_id, id=run_id)
    return run


def _read(run: ImportRun, report: Report, tell: Progress) -> SchoolData:
    tell(0, 0, _("Читаю файлы"))
    today = clock.today(run.school.timezone)
    return read_and_check(
        unpack(run.files),
        report,
        known=known_of(run.school, today),
        today=today,
        school_id=run.school.external_id,
    )
