"""What a lesson is about: topic and the teacher's own note."""

from __future__ import annotations

import uuid

from django.db import models

from diary.foundation.core.fields import SchoolForeignKey
from diary.foundation.core.models import SchoolOwned
from diary.people.schools.models import SchoolRows
from diary.schoolwork.timetable.models import Lesson


class LessonTopic(SchoolOwned):
    """Topic (families see it) and note (only the school does) of one lesson."""

    lesson = SchoolForeignKey(Lesson, models.CASCADE, related_name="topics")
    lesson_id: uuid.UUID
    topic = models.TextField(blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "lesson_id"], name="planner_topic_lesson")]
