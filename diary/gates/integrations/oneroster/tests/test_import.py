"""A OneRoster set all the way into the database."""

from __future__ import annotations

import datetime as dt

from diary.foundation.tables.sources import Upload
from diary.gates.integrations.oneroster.tests.made import set_1_1, zipped
from diary.people.accounts.models import RoleGrant
from diary.people.door.models import Session
from diary.people.intake.tests.loading import load_into, school
from diary.people.roster.models import Enrollment, Group, Guardian, Staff, Student
from diary.people.schools.models import School

__all__ = ["school"]


def one_roster() -> list[Upload]:
    return [Upload("set.zip", zipped(set_1_1()))]


def test_one_roster_is_recognised_and_written(school: School) -> None:
    loaded = load_into(school, one_roster())
    assert loaded.errors == []
    assert loaded.changes["students"] == (2, 0)
    assert Group.objects.get(kind="subgroup").home_class.name == "7А"
    assert Student.objects.get(external_id="petya").user.login == "sidorov_p", "petya is somebody in another school"
    assert load_into(school, one_roster()).changes == {}


def test_ended_records_close_rows_and_erase_nothing(school: School) -> None:
    load_into(school, one_roster())
    files = set_1_1()
    for row in files["users"][1:]:
        if row[0] in ("masha", "olga", "anna"):
            row[1] = "tobedeleted"
    loaded = load_into(school, [Upload("set.zip", zipped(files))])
    assert loaded.errors == []
    masha = Student.objects.get(external_id="masha")
    assert {row.until for row in Enrollment.objects.filter(student=masha)} == {dt.date(2026, 10, 14)}
    assert {link.until for link in Guardian.objects.all()} == {dt.date(2026, 10, 14)}
    anna = Staff.objects.get(external_id="anna")
    assert not RoleGrant.objects.filter(user=anna.user, school=school).exists()


def test_account_that_may_not_sign_in_is_closed_with_its_sessions(school: School) -> None:
    load_into(school, one_roster())
    anna = Staff.objects.get(external_id="anna").user
    Session.objects.create(
        session_key="anna", session_data="", expire_date=dt.datetime(2030, 1, 1, tzinfo=dt.UTC), user=anna
    )
    files = set_1_1()
    next(row for row in files["users"] if row[0] == "anna")[3] = "false"
    load_into(school, [Upload("set.zip", zipped(files))])
    anna.refresh_from_db()
    assert not anna.is_active
    assert not Session.objects.filter(user=anna).exists()
