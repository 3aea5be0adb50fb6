"""The two background halves of an import: the check with its trial run, and the load."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from diary.desks.office.queries import year_of_school
from diary.foundation.access.actor import Actor
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.jobs.progress import Progress
from diary.foundation.jobs.queues import LONG
from diary.foundation.jobs.retrying import WATCHED
from diary.foundation.tables.packing import unpack
from diary.foundation.tables.report import Report
from diary.people.accounts.jobs import carry_out_as
from diary.people.intake.actions import import_school
from diary.people.intake.reading.formats import read_and_check
from diary.people.intake.records import SchoolData
from diary.people.intake.saving.known import known_of
from diary.people.roster.models import ImportRun
from diary.people.schools.models import School
from diary.schoolwork.timetable.actions import realise_lessons

PROBLEMS_TOLD = 20


@app.task(name="office.check_import", queue=LONG, retry=WATCHED)
def check_import(school_id: int, task_id: str, run_id: str, user_id: int, language: str) -> None:
    """Read the files, judge them, write everything and take it back; keep the report and the counts."""

    def work(actor: Actor, tell: Progress) -> None:
        run = _run(actor, school_id, run_id)
        report = Report()
        data = _read(run, report, tell)
        plan = import_school(actor, run.school, data=data, report=report, dry_run=True, tell=tell)
        run.report, run.plan = report.as_json(), plan.as_json()
        run.save(update_fields=["report", "plan"])

    carry_out_as(user_id, language, school_id, task_id, work)


@app.task(name="office.load_import", queue=LONG, retry=WATCHED)
def load_import(
    school_id: int, task_id: str, run_id: str, user_id: int, language: str, replaces_timetable: bool = False
) -> None:
    """The same, and what was written stays, together with the outcome: both are there, or neither."""

    def work(actor: Actor, tell: Progress) -> None:
        run = _run(actor, school_id, run_id)
        if run.loaded_at:
            return
        report = Report()
        data = _read(run, report, tell)
        outcome = import_school(
            actor, run.school, data=data, report=report, replaces_timetable=replaces_timetable, tell=tell
        )
        run.report, run.outcome, run.loaded_at = report.as_json(), outcome.as_json(), clock.now()
        run.save(update_fields=["report", "outcome", "loaded_at"])

    carry_out_as(user_id, language, school_id, task_id, work)


@app.task(name="office.lay_out_lessons", queue=LONG, retry=WATCHED)
def lay_out_lessons(school_id: int, task_id: str, user_id: int, language: str) -> None:
    """Put the weekly timetable on the dates of the current year."""

    def work(actor: Actor, tell: Progress) -> str:
        school = School.objects.visible_to(actor).get(id=school_id)
        year = year_of_school(school)
        if year is None:
            raise BadInput(_("Учебный год не заведён. Загрузите лист «Периоды»."))
        tell(0, 0, _("Ставлю уроки на даты"))
        done = realise_lessons(actor, school, first=year.starts_on, until=year.ends_until)
        tell(0, 0, _("Записываю"))
        words = ngettext("Поставлен %(n)s урок.", "Поставлено уроков: %(n)s.", done.added) % {"n": done.added}
        return "\n".join([words, *done.problems[:PROBLEMS_TOLD]])

    carry_out_as(user_id, language, school_id, task_id, work)


def _run(actor: Actor, school_id: int, run_id: str) -> ImportRun:
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
