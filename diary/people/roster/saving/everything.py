"""The order in which an import is written: school, calendar, catalogues, people, groups, then what higher rooms own."""

from __future__ import annotations

from diary.people.roster.saving.accounts import Accounts
from diary.people.roster.saving.calendar import save_bells, save_periods, save_school, save_years
from diary.people.roster.saving.catalogues import save_rooms, save_subjects
from diary.people.roster.saving.enrollments import save_enrollments
from diary.people.roster.saving.groups import save_courses, save_groups
from diary.people.roster.saving.parts import import_parts
from diary.people.roster.saving.people import save_guardians, save_staff, save_students
from diary.people.roster.saving.run import Saving


def save_school_data(saving: Saving) -> None:
    """Write everything; what cannot be written goes to the report. The caller holds the transaction."""
    save_school(saving)
    save_years(saving)
    save_periods(saving)
    save_bells(saving)
    save_subjects(saving)
    save_rooms(saving)
    accounts = Accounts(saving)
    save_staff(saving, accounts)
    save_groups(saving)
    save_students(saving, accounts)
    save_guardians(saving, accounts)
    save_courses(saving)
    save_enrollments(saving)
    for part in import_parts:
        part.save(saving)
