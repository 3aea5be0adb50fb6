"""`manage.py import_school --school ID PATH`: load a school from files, by the machine's owner."""

from __future__ import annotations

import csv
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from diary.foundation.access.actor import system_actor
from diary.foundation.access.deeds import acting_in
from diary.foundation.core import clock
from diary.foundation.tables.report import Report
from diary.foundation.tables.sources import uploads_from
from diary.people.intake.actions import ImportRefused, import_school
from diary.people.intake.reading.formats import AUTO, format_names, read_and_check
from diary.people.intake.saving.known import known_of
from diary.people.intake.saving.outcome import ImportOutcome
from diary.people.intake.saving.wording import kind_title
from diary.people.roster.actions import FirstPassword, issue_staff_passwords
from diary.people.schools.models import School


class _TryOnly(Exception):
    """Takes a school that was made for a trial run back."""


class Command(BaseCommand):
    _told = ""
    help = "Load a school from XLSX, CSV or ZIP (our templates or OneRoster); nothing is written when there are errors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a file or a folder")
        parser.add_argument("--school", required=True, metavar="EXTERNAL_ID")
        parser.add_argument("--new-school", metavar="NAME", help="create the school with this name first")
        parser.add_argument("--timezone", metavar="ZONE", help="the new school's time zone, as IANA names it")
        parser.add_argument("--dry-run", action="store_true", help="only check and count")
        parser.add_argument("--format", choices=format_names(), default=AUTO)
        parser.add_argument("--passwords", type=Path, metavar="FILE", help="write first passwords of staff as CSV here")

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report()
        if options["passwords"] and options["passwords"].exists():
            raise CommandError(_("Файл %(path)s уже есть: укажите другое имя.") % {"path": options["passwords"]})
        try:
            with transaction.atomic():
                school = _school(options["school"], options["new_school"], options["timezone"])
                outcome = self._import(school, report, options)
                if options["dry_run"]:
                    raise _TryOnly
        except _TryOnly:
            pass
        except ImportRefused as refused:
            self._show(report)
            raise CommandError(refused.sentence) from None
        self._show(report)
        self._show_counts(outcome, is_trial=options["dry_run"])
        if not report.is_clean:
            raise CommandError(report.summary)
        if options["passwords"] and not options["dry_run"]:
            self._write_passwords(school, options["passwords"])

    def _import(self, school: School, report: Report, options: dict[str, Any]) -> ImportOutcome:
        actor = system_actor([school.id])
        with acting_in(actor):
            today = clock.today(school.timezone)
            self._tell(0, 0, _("Читаю файлы"))
            data = read_and_check(
                uploads_from(options["path"], report),
                report,
                known=known_of(school, today),
                today=today,
                school_id=school.external_id,
                form=options["format"],
            )
            outcome: ImportOutcome = import_school(
                actor, school, data=data, report=report, dry_run=options["dry_run"], tell=self._tell
            )
            return outcome

    def _tell(self, done: int, total: int, message: str) -> None:
        if message != self._told:
            self._told = message
            self.stderr.write(f"{100 * done // total:3d} % {message}" if total else f"    … {message}")

    def _show(self, report: Report) -> None:
        for line in report.lines():
            self.stdout.write(line)

    def _show_counts(self, outcome: ImportOutcome, *, is_trial: bool) -> None:
        self.stdout.write(_("Будет записано:") if is_trial else _("Записано:"))
        for kind, counts in outcome.counts.items():
            words = _("создано %(created)s, изменено %(changed)s, без изменений %(unchanged)s, пропущено %(skipped)s")
            self.stdout.write(f"{kind_title(kind)}: {words % asdict(counts)}")
        self.stdout.write(_("Новых учётных записей: %(count)s") % {"count": outcome.accounts})

    def _write_passwords(self, school: School, path: Path) -> None:
        """Batches until everybody has one; the file is for its owner's eyes only."""
        actor = system_actor([school.id])
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file, delimiter=";")
            rows.writerow([_("Имя"), _("Логин"), _("Пароль")])
            while issued := _issue(actor, school):
                rows.writerows((one.name, one.login, one.password) for one in issued)
                file.flush()


def _issue(actor: Any, school: School) -> list[FirstPassword]:
    with acting_in(actor):
        issued: list[FirstPassword] = issue_staff_passwords(actor, school)
        return issued


def _school(external_id: str, new_name: str | None, timezone: str | None) -> School:
    school = School.objects.filter(external_id=external_id).first()
    if school is None and new_name:
        if timezone not in available_timezones():
            raise CommandError(_("Назовите часовой пояс новой школы: --timezone Asia/Kamchatka."))
        return School.objects.create(name=new_name, short_name=new_name, timezone=timezone, external_id=external_id)
    if school is None:
        raise CommandError(
            _("Школы «%(id)s» нет. Чтобы завести новую, добавьте --new-school «Название» --timezone «Пояс».")
            % {"id": external_id}
        )
    if new_name:
        raise CommandError(_("Школа «%(id)s» уже есть: уберите --new-school.") % {"id": external_id})
    return school
