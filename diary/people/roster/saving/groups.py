"""Saves classes, subgroups and courses."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from diary.people.roster.imports.records import ClassRecord, CourseRecord, Kind, SubgroupRecord
from diary.people.roster.imports.wording import class_key, plain
from diary.people.roster.models import Course, Group
from diary.people.roster.saving.batch import Batch
from diary.people.roster.saving.run import Saving, own_code, pair
from diary.people.schools.models import BellSchedule, SchoolYear

FIRST_SHIFT = 1
USUAL_DAYS = 5
TENTH = Decimal("0.1")


def save_groups(saving: Saving) -> None:
    """Classes and subgroups of the years that the files speak of, and of the current one."""
    years = {year.id for year in (saving.current_year, *map(saving_year(saving), saving.data.classes)) if year}
    rows = list(Group.objects.filter(school_id=saving.school_id, year_id__in=years).order_by("name", "id"))
    _save_classes(saving, [row for row in rows if row.kind == Group.Kind.CLASS])
    _save_subgroups(saving, [row for row in rows if row.kind == Group.Kind.SUBGROUP])


class saving_year:  # noqa: N801 (a function with a memory of the import)
    """Gives the year of a class record: the named one, or the current one."""

    def __init__(self, saving: Saving) -> None:
        self.saving = saving

    def __call__(self, record: ClassRecord) -> SchoolYear | None:
        year: SchoolYear | None = self.saving.find(Kind.YEARS, record.year_id)
        return year if record.year_id else self.saving.current_year
