"""Schools and what each of them sets for itself: years, periods, subjects, rooms, bells."""

from __future__ import annotations

import uuid
from typing import Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from diary.foundation.access.actor import Actor
from diary.foundation.core.fields import SchoolForeignKey
from diary.foundation.core.models import SchoolOwned

Row = TypeVar("Row", bound=models.Model, covariant=True)


class SchoolRows(models.QuerySet[Row]):
    """Rows of school tables, narrowed to the schools in which the actor has a role."""

    def visible_to(self, actor: Actor) -> Self:
        """Everyone with a role in a school may see its catalogues."""
        return self.filter(school_id__in=actor.school_ids)


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools themselves."""

    def visible_to(self, actor: Actor) -> Self:
        """Schools in which the actor has a role."""
        return self.filter(id__in=actor.school_ids)


class School(models.Model):
    """One school: the border that no row and no person crosses unnoticed."""

    id = models.AutoField(primary_key=True)
    name = models.TextField()
    short_name = models.TextField()
    city = models.TextField(blank=True)
    timezone = models.TextField(help_text="IANA name of the school's own clock; there is no usual one")
    external_id = models.TextField(unique=True)
    confirms_guardians = models.BooleanField(
        default=True,
        db_default=True,
        help_text="off: a parent who names child, birth date and document rightly is linked at once",
    )

    objects = SchoolQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(timezone=""), name="schools_school_timezone")]

    @property
    def school_id(self) -> int:
        """So that a school can be the subject of a deed like any row of it."""
        return self.id

    def __str__(self) -> str:
        return self.short_name


class SchoolYear(SchoolOwned):
    """«2026/27»."""

    name = models.TextField()
    starts_on = models.DateField()
    ends_until = models.DateField(help_text="first day that no longer belongs to the year")
    external_id = models.TextField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "external_id"], name="schools_year_external_id"),
            models.CheckConstraint(condition=models.Q(starts_on__lt=models.F("ends_until")), name="schools_year_dates"),
        ]


class GradingPeriod(SchoolOwned):
    """A quarter, trimester or half-year of one parallel. Days outside every period are holidays."""

    year = SchoolForeignKey(SchoolYear, related_name="periods")
    year_id: uuid.UUID
    parallel = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    name = models.TextField()
    starts_on = models.DateField()
    ends_until = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    external_id = models.TextField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "year_id", "parallel", "number"], name="schools_period_number"),
            models.CheckConstraint(
                condition=models.Q(starts_on__lt=models.F("ends_until")), name="schools_period_dates"
            ),
        ]


class Subject(SchoolOwned):
    """A school subject. `is_markless`: taught without marks (ОРКСЭ, extracurricular)."""

    name = models.TextField()
    short_name = models.TextField()
    is_markless = models.BooleanField(default=False)
    external_id = models.TextField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "external_id"], name="schools_subject_external_id")]


class Room(SchoolOwned):
    """A classroom, gym or workshop."""

    name = models.TextField()
    kind = models.TextField(blank=True)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    external_id = models.TextField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "external_id"], name="schools_room_external_id")]


class BellSchedule(SchoolOwned):
    """Bells of one shift; `weekdays` (1 = Monday) says on which days it rings."""

    name = models.TextField()
    shift = models.PositiveSmallIntegerField(default=1)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list)
    external_id = models.TextField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "external_id"], name="schools_bells_external_id")]


class Bell(SchoolOwned):
    """One lesson's start and end."""

    schedule = SchoolForeignKey(BellSchedule, models.CASCADE, related_name="bells")
    schedule_id: uuid.UUID
    number = models.PositiveSmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "schedule_id", "number"], name="schools_bell_number"),
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="schools_bell_times"),
        ]
