"""The order in which an import is written: school, calendar, catalogues, people, groups, then what higher rooms own."""

from __future__ import annotations

from diary.people.roster.saving.accounts import Accounts
from diary.people.roster.saving.bells import save_bells
from diary.people.roster.saving.calendar import save_school, save_years
from diary.people.roster.saving.catalogues import save_rooms, save_subjects
from diary.people.roster.saving.courses import save_courses
from diary.people.roster.saving.enrollments import save_enrollments
from diary.people.roster.saving.groups import save_groups
from diary.people.roster.saving.guardians import save_guardians
from diary.people.roster.saving.parts import import_parts
from diary.people.roster.saving.periods import save_periods
from diary.people.roster.saving.run import Saving
from diary.people.roster.saving.staff import let_teachers_teach, save_staff
from diary.people.roster.saving.students import save_students


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
    let_teachers_teach(saving, accounts)
    save_enrollments(saving)
    for part in import_parts:
        part.save(saving)
