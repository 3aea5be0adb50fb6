"""Looks over what an import has written: every link has its row (S8).

A database that is spread over machines says so only when the transaction ends; a trial run ends before.
"""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import Exists, Model, OuterRef

from diary.foundation.core.fields import SchoolForeignKey
from diary.people.roster.models import Course, Enrollment, Group, Guardian, StudentDocument
from diary.people.schools.models import Bell, GradingPeriod

LINKED: tuple[type[Model], ...] = (GradingPeriod, Bell, Group, Course, Enrollment, Guardian, StudentDocument)


def check_saved_links(school_id: int) -> None:
    """One statement for each link of the tables that an import writes; raises IntegrityError for a link to nothing."""
    for model in LINKED:
        rows = model._default_manager.filter(school_id=school_id)
        for field in model._meta.get_fields():
            if isinstance(field, SchoolForeignKey):
                target = field.related_model._default_manager.filter(
                    school_id=school_id, id=OuterRef(f"{field.name}_id")
                )
                if rows.filter(~Exists(target), **{f"{field.name}_id__isnull": False}).exists():
                    raise IntegrityError(f"{model._meta.label}.{field.name} points to no row")
