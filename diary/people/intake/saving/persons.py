"""What rows of staff and of students share."""

from __future__ import annotations

from diary.people.accounts.models import User
from diary.people.intake.records import StaffRecord, StudentRecord
from diary.people.intake.saving.run import own_code
from diary.people.roster.models import Staff, Student
from diary.people.roster.rules.names import PersonName


def person_values(record: StaffRecord | StudentRecord, user: User) -> dict[str, object]:
    """Columns for `Batch.change`; None leaves what the row has."""
    return {
        "user_id": user.id,
        "last_name": record.name.last,
        "first_name": record.name.first,
        "middle_name": record.name.middle or None,
        "external_id": own_code(record),
    }


def name_key(row: Staff | Student) -> str:
    """The name as records compare it."""
    return PersonName(row.last_name, row.first_name, row.middle_name).key
