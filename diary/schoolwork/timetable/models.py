"""The weekly pattern and the lessons it becomes on dates."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from diary.foundation.core.fields import SchoolForeignKey
from diary.foundation.core.models import SchoolOwned
from diary.people.roster.models import Course, Staff
from diary.people.schools.models import GradingPeriod, Room, SchoolRows


class WeeklySlot(SchoolOwned):
    """A course stands at this weekday (1 = Monday) and lesson number, from a day until a day (exclusive)."""

    course = SchoolForeignKey(Course, related_name="slots")
    course_id: uuid.UUID
    weekday = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    room = SchoolForeignKey(Room, null=True, related_name="slots")
    room_id: uuid.UUID | None
    starts_on = models.DateField()
    until = models.DateField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "course_id", "weekday", "number", "starts_on"], name="timetable_slot_once"
            ),
            # an older and a newer version of a slot do not both last till the end of the year
            models.UniqueConstraint(
                fields=["school", "course_id", "weekday", "number", "until"], name="timetable_slot_ends_once"
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="timetable_slot_weekday"),
            models.CheckConstraint(condition=Q(starts_on__lt=F("until")), name="timetable_slot_dates"),
        ]


class Lesson(SchoolOwned):
    """A lesson of a course on a date."""

    class State(models.TextChoices):
        PLANNED = "planned"
        CANCELLED = "cancelled"

    course = SchoolForeignKey(Course, related_name="lessons")
    course_id: uuid.UUID
    period = SchoolForeignKey(GradingPeriod, related_name="lessons")
    period_id: uuid.UUID
    held_on = models.DateField()
    number = models.PositiveSmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    room = SchoolForeignKey(Room, null=True, related_name="lessons")
    room_id: uuid.UUID | None
    teacher = SchoolForeignKey(Staff, related_name="lessons")
    teacher_id: uuid.UUID
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    is_added = models.BooleanField(
        default=False,
        db_default=False,
        help_text="by hand, outside the weekly pattern: a new timetable leaves it alone",
    )

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "course_id", "held_on", "number"], name="timetable_lesson_once"),
            # marks repeat the course and date of their lesson and are held to them by a foreign key on this
            models.UniqueConstraint(fields=["school", "id", "course_id", "held_on"], name="timetable_lesson_place"),
        ]
        indexes = [models.Index(fields=["school", "held_on", "teacher_id"], name="timetable_lesson_day")]
