"""What rows of staff and of students share."""

from __future__ import annotations

from diary.people.accounts.models import User
from diary.people.intake.records import StaffRecord, StudentRecord
from diary.people.intake.saving.run import own_code
from diary.people.roster.models import Staff, Student
from diary.people.roster.rules.names import PersonName


def person_values(record: StaffRecord | StudentRecord, user: User, row: Staff | Student) -> dict[str, object]:
    """Columns for `Batch.change`; None leaves what the row has."""
    return {
        "user_id": user.id,
        **name_values(record.name, row),
        "external_id": own_code(record),
    }


def name_values(name: PersonName, row: Staff | Student | User) -> dict[str, str | None]:
    """Columns of the name; what differs by ё and е alone is left as the row has it."""
    parts = {"last_name": name.last, "first_name": name.first, "middle_name": name.middle}
    return {
        column: part if part and part.replace("ё", "е") != getattr(row, column).replace("ё", "е") else None
        for column, part in parts.items()
    }


def name_of(row: Staff | Student | User) -> PersonName:
    """The name in its parts."""
    return PersonName(row.last_name, row.first_name, row.middle_name)


def name_key(row: Staff | Student) -> str:
    """The name as records compare it."""
    return name_of(row).key
