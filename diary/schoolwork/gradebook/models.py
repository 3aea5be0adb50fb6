"""Marks and their untouchable history (M1, M9)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diary.foundation.audit.models import History
from diary.foundation.core.fields import CompositeForeignKey, SchoolForeignKey
from diary.foundation.core.models import Kept, SchoolOwned
from diary.people.roster.models import Student
from diary.people.schools.models import SchoolRows
from diary.schoolwork.gradebook.rules import MAX_PLACE, VALUES, change_content
from diary.schoolwork.timetable.models import Lesson


class WorkKind(SchoolOwned):
    """A kind of work (контрольная, ответ на уроке…) with the weight that the school gave it."""

    name = models.TextField()
    short_name = models.TextField()
    weight = models.DecimalField(max_digits=4, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)
    external_id = models.TextField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "external_id"], name="gradebook_kind_external_id"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=20), name="gradebook_kind_weight"),
        ]


class LessonWork(SchoolOwned):
    """What was done at a lesson: the kind that its marks take by default."""

    lesson = SchoolForeignKey(Lesson, models.CASCADE, related_name="works")
    lesson_id: uuid.UUID
    kind = SchoolForeignKey(WorkKind, related_name="works")
    kind_id: uuid.UUID

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "lesson_id"], name="gradebook_work_lesson")]


class MarkChange(History, SchoolOwned):
    """One change of a mark, kept for ever: old, new, reason, who, post, exact time, hash of the one before.

    Lesson, student and the names of kinds are copied in, so that the record explains itself even where nothing else is
    left, and no later renaming changes what was written.
    """

    class Reason(models.TextChoices):
        FIRST = "first", _("Поставлена")
        SLIP = "slip", _("Исправлена сразу при вводе")
        UNDO = "undo", _("Отмена ввода")
        KIND = "kind", _("Уточнён вид работы или вес")
        COMMENT = "comment", _("Добавлен комментарий")
        MISTAKE = "mistake", _("Ошибка при вводе")
        RECHECK = "recheck", _("Работа перепроверена")
        RETAKE = "retake", _("Работа переписана")
        APPEAL = "appeal", _("Решение по апелляции")

        @classmethod
        def chosen(cls) -> tuple[MarkChange.Reason, ...]:
            """Reasons for another mark, picked by a person from the list; the others the system states itself."""
            return (cls.MISTAKE, cls.RECHECK, cls.RETAKE, cls.APPEAL)

        @classmethod
        def chosen_for_work(cls) -> tuple[MarkChange.Reason, ...]:
            """Reasons for another kind or weight of a standing mark."""
            return (cls.KIND, cls.MISTAKE, cls.APPEAL)

    thing, deed, told, brought_by = "mark", "gradebook.set_marks", "marks", "gradebook.bring_marks"

    mark_id = models.UUIDField()
    lesson_id = models.UUIDField()
    student_id = models.UUIDField()
    old_value = models.CharField(max_length=2, blank=True)
    value = models.CharField(max_length=2, blank=True)
    old_weight = models.DecimalField(max_digits=4, decimal_places=2)
    weight = models.DecimalField(max_digits=4, decimal_places=2)
    kind_id = models.UUIDField()
    old_kind_name = models.TextField(blank=True, db_default="", help_text="as it was called then")
    kind_name = models.TextField(blank=True, db_default="", help_text="as it was called then")
    old_comment = models.TextField(blank=True, db_default="")
    comment = models.TextField(blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    changed_by_post = models.TextField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "mark_id", "version"], name="gradebook_change_version"),
            models.UniqueConstraint(
                fields=["school", "mark_id", "version", "value", "weight"], name="gradebook_change_shown"
            ),
        ]
        indexes = [models.Index(fields=["school", "student_id", "changed_at"], name="gradebook_change_student")]

    def content(self) -> dict[str, Any]:
        """What of the change is hashed."""
        return change_content(self)


class Mark(Kept, SchoolOwned):
    """A mark as it stands now. Value and weight are held by a foreign key to the change that made them.

    `course_id` and `held_on` repeat the lesson's (and are held to it), so that a period is one index range; marks of a
    moved lesson are taken along by `actions.carry_marks`.
    An emptied mark keeps its row with the value ''.
    """

    lesson = SchoolForeignKey(Lesson, related_name="marks")
    lesson_id: uuid.UUID
    student = SchoolForeignKey(Student, related_name="marks")
    student_id: uuid.UUID
    kind = SchoolForeignKey(WorkKind, related_name="marks")
    kind_id: uuid.UUID
    place = models.PositiveSmallIntegerField(default=1)
    course_id = models.UUIDField()
    held_on = models.DateField()
    value = models.CharField(max_length=2, blank=True)
    weight = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(1))
    comment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "lesson_id", "student_id", "place"], name="gradebook_mark_place"),
            models.CheckConstraint(condition=Q(value__in=["", *VALUES]), name="gradebook_mark_value"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=MAX_PLACE), name="gradebook_mark_place_range"),
            CompositeForeignKey(
                fields=("school_id", "id", "version", "value", "weight"),
                to="gradebook.markchange",
                to_fields=("school_id", "mark_id", "version", "value", "weight"),
                name="gradebook_mark_made_by_change",
                is_immediate=True,
            ),
            CompositeForeignKey(
                fields=("school_id", "lesson_id", "course_id", "held_on"),
                to="timetable.lesson",
                to_fields=("school_id", "id", "course_id", "held_on"),
                name="gradebook_mark_lesson_place",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "student_id", "held_on"], name="gradebook_mark_student"),
            models.Index(fields=["school", "course_id", "held_on"], name="gradebook_mark_course"),
        ]
