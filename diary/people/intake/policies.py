"""Who may load a school from files."""

from __future__ import annotations

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.people.roster.models import ImportRun
from diary.people.schools.models import School

SCHOOL_IMPORT = permission("intake.school.import", Role.ADMINISTRATOR)


def can_import_school(actor: Actor, school: School) -> bool:
    """An administrator of that very school, or the system."""
    return SCHOOL_IMPORT.is_held_by(actor, school.id)


def can_change_import(actor: Actor, run: ImportRun) -> bool:
    """An administrator of the school that the files are for."""
    return SCHOOL_IMPORT.is_held_by(actor, run.school_id)
