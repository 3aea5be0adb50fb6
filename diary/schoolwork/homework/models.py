"""Homework: what is to be done, by which lesson, and the student's own tick."""

from __future__ import annotations

import uuid

from django.db import models

from diary.foundation.core.fields import SchoolForeignKey
from diary.foundation.core.models import SchoolOwned
from diary.people.roster.models import Course, Student
from diary.people.schools.models import SchoolRows
from diary.schoolwork.timetable.models import Lesson


class Homework(SchoolOwned):
    """A task given at one lesson. When it is due is derived (`queries`), unless a day was chosen by hand."""

    course = SchoolForeignKey(Course, related_name="homework")
    course_id: uuid.UUID
    given_at = SchoolForeignKey(Lesson, related_name="homework_given")
    given_at_id: uuid.UUID
    chosen_on = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=20)
    version = models.PositiveIntegerField(default=1)

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "given_at_id"], name="homework_given_once")]
        indexes = [models.Index(fields=["school", "course_id", "chosen_on"], name="homework_chosen")]


class HomeworkTick(SchoolOwned):
    """«Сделано»: a student's own tick."""

    homework = SchoolForeignKey(Homework, models.CASCADE, related_name="ticks")
    homework_id: uuid.UUID
    student = SchoolForeignKey(Student, related_name="homework_ticks")
    student_id: uuid.UUID
    done_at = models.DateTimeField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "homework_id", "student_id"], name="homework_tick_once")
        ]
