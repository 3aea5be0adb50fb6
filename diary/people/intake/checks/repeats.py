"""One record, one key; one login, one person."""

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.records import GuardianRecord, Kind, Record, SchoolData, StaffRecord, StudentRecord


def check_repeats(data: SchoolData, report: Report) -> None:
    for kind in Kind:
        seen: dict[str, Record] = {}
        for record in data.of_kind(kind):
            first = seen.setdefault(record.external_id, record)
            if first is not record:
                _report_repeat(first, record, report)
    _check_logins(data, report)


def _report_repeat(first: Record, record: Record, report: Report) -> None:
    where = {"file": first.source.file, "line": first.source.line, "label": record.label}
    if record.external_id == record.natural_key:
        what = _("Такая запись («%(label)s») уже есть: %(file)s, строка %(line)s.") % where
        fix = _("Удалите повтор; если это разные записи, дайте каждой свой «Код» (ученикам – и дату рождения).")
    else:
        what = _("Этот код уже занят: %(file)s, строка %(line)s.") % where
        fix = _("Дайте записи другой код или удалите повтор.")
    report.error(what, fix, record.source, "code")


def _check_logins(data: SchoolData, report: Report) -> None:
    seen: dict[str, StaffRecord | StudentRecord | GuardianRecord] = {}
    people: tuple[StaffRecord | StudentRecord | GuardianRecord, ...] = (*data.staff, *data.students, *data.guardians)
    for person in people:
        login = person.login.casefold()
        first = seen.setdefault(login, person) if login else person
        if first is not person and first.label != person.label:
            report.error(
                _("Логин «%(login)s» уже у другого человека: %(label)s, %(file)s, строка %(line)s.")
                % {
                    "login": person.login,
                    "label": first.label,
                    "file": first.source.file,
                    "line": first.source.line,
                },
                _("У каждого должен быть свой логин."),
                person.source,
                "login",
            )
