"""The order in which an import is written: school, calendar, catalogues, people, groups, then what higher rooms own."""

from __future__ import annotations

from diary.people.intake.saving.accounts import Accounts
from diary.people.intake.saving.bells import save_bells
from diary.people.intake.saving.calendar import save_school, save_years
from diary.people.intake.saving.catalogues import save_rooms, save_subjects
from diary.people.intake.saving.courses import save_courses
from diary.people.intake.saving.enrollments import save_enrollments
from diary.people.intake.saving.groups import save_groups
from diary.people.intake.saving.guardians import save_guardians
from diary.people.intake.saving.parts import import_parts
from diary.people.intake.saving.periods import save_periods
from diary.people.intake.saving.run import Saving
from diary.people.intake.saving.staff import let_teachers_teach, save_staff
from diary.people.intake.saving.students import save_students


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
