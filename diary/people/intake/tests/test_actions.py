"""Loading a school as a deed: who may, all or nothing, its audit row; first passwords."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.foundation.audit.models import AuditEvent
from diary.foundation.jobs.progress import Stopped
from diary.foundation.tables.report import Report
from diary.foundation.tables.sources import Upload
from diary.foundation.tables.tests.files import as_zip
from diary.people.accounts.models import User
from diary.people.intake.actions import ImportRefused, import_school
from diary.people.intake.reading.formats import read_and_check
from diary.people.intake.records import SchoolData
from diary.people.intake.saving.known import known_of
from diary.people.intake.tests.made import small_school
from diary.people.roster.actions import issue_student_passwords, new_password
from diary.people.roster.models import Student
from diary.people.schools.models import School
from tests.people import TODAY, Cast


def read(school: School) -> tuple[SchoolData, Report]:
    report = Report()
    sheets = small_school()
    sheets["Ученики"][1][0] = "Лисицына"  # the cast has an Иванова Мария in this class: she would be the same pupil
    sheets["Представители"][1][5] = "Лисицына Мария"
    uploads = [Upload("school.zip", as_zip(sheets))]
    return read_and_check(uploads, report, known=known_of(school, TODAY), today=TODAY), report


@pytest.mark.parametrize("login", ["masha", "olga", "anna", "zoya", "tikhon", "lena", "chuzhoy_admin"])
def test_only_an_administrator_of_the_school_loads_it(cast: Cast, login: str) -> None:
    data, report = read(cast.school)
    with pytest.raises(PermissionDenied):
        import_school(cast.actor(login), cast.school, data=data, report=report)


def test_administrator_loads_and_the_audit_keeps_the_numbers(cast: Cast) -> None:
    data, report = read(cast.school)
    outcome = import_school(cast.actor("gleb"), cast.school, data=data, report=report)
    assert outcome.counts
    event = AuditEvent.objects.filter(action="intake.import_school").latest("id")
    assert event.user_name == "Орлов Глеб Юрьевич"
    assert event.details["students"] == [4, 0]
    assert event.details["dry_run"] is False


def test_report_with_errors_is_refused(cast: Cast) -> None:
    data, report = read(cast.school)
    report.error("Плохо.", "Исправьте.")
    with pytest.raises(ImportRefused), transaction.atomic():
        import_school(cast.actor("gleb"), cast.school, data=data, report=report)


def test_stopping_in_the_middle_leaves_nothing(cast: Cast) -> None:
    before = (Student.objects.count(), User.objects.count())
    data, report = read(cast.school)
    words: list[str] = []

    def tell(done: int, total: int, message: str) -> None:
        words.append(message)
        if "зачисления" in message:
            raise Stopped

    with pytest.raises(Stopped), transaction.atomic():
        import_school(cast.actor("gleb"), cast.school, data=data, report=report, tell=tell)
    assert (Student.objects.count(), User.objects.count()) == before
    assert "Записываю: ученики" in words


def test_progress_grows_to_its_total(cast: Cast) -> None:
    data, report = read(cast.school)
    steps: list[tuple[int, int]] = []
    import_school(
        cast.actor("gleb"),
        cast.school,
        data=data,
        report=report,
        tell=lambda done, total, _message: steps.append((done, total)),
    )
    done = [step for step, _total in steps]
    assert done == sorted(done)
    assert steps[-1][0] == steps[-1][1] == sum(data.counts.values())


def test_database_that_disagrees_takes_everything_back(cast: Cast) -> None:
    """A trial run meets the constraints too: they are asked before it is taken back."""
    data, report = read(cast.school)
    outcome = import_school(cast.actor("gleb"), cast.school, data=data, report=report, dry_run=True)
    assert outcome.created > 20
    assert not Student.objects.filter(last_name="Сидоров").exists()


def test_passwords_of_the_requirement() -> None:
    for _time in range(300):
        password = new_password()
        validate_password(password)
        assert len(password) == 10
        assert not set(password) & set("lIO01 ")
        kinds = [str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum()]
        assert all(any(kind(sign) for sign in password) for kind in kinds)


def test_nobodys_password_is_replaced(cast: Cast) -> None:
    assert issue_student_passwords(cast.actor("gleb"), cast.class_7a) == []


def test_closed_account_gets_no_password(cast: Cast) -> None:
    User.objects.filter(login="petya").update(password="!", is_active=False)
    assert issue_student_passwords(cast.actor("gleb"), cast.class_7a) == []
