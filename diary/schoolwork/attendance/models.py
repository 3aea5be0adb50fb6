"""Absence and lateness at lessons."""

from __future__ import annotations

import uuid

from django.db import models

from diary.foundation.core.fields import SchoolForeignKey
from diary.foundation.core.models import Kept, SchoolOwned
from diary.people.roster.models import Student
from diary.people.schools.models import SchoolRows
from diary.schoolwork.timetable.models import Lesson


class AttendanceSign(Kept, SchoolOwned):
    """The sign of a student at a lesson: н, б, у, оп, or empty when it was taken back. No row: present."""

    class Sign(models.TextChoices):
        ABSENT = "н"
        ILL = "б"
        EXCUSED = "у"
        LATE = "оп"
        NONE = ""

    lesson = SchoolForeignKey(Lesson, related_name="attendance_signs")
    lesson_id: uuid.UUID
    student = SchoolForeignKey(Student, related_name="attendance_signs")
    student_id: uuid.UUID
    sign = models.CharField(max_length=2, choices=Sign.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    set_by_id = models.BigIntegerField()
    set_by_name = models.TextField()
    set_at = models.DateTimeField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "lesson_id", "student_id"], name="attendance_sign_place"),
            models.CheckConstraint(
                condition=models.Q(sign__in=["н", "б", "у", "оп", ""]), name="attendance_sign_known"
            ),
        ]
        indexes = [models.Index(fields=["school", "student_id"], name="attendance_sign_student")]
