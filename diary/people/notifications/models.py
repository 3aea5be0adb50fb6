"""Notices to people: one row for each (change, person), written by the worker, never twice (C8)."""

from __future__ import annotations

from django.db import models

from diary.foundation.core.models import SchoolOwned
from diary.people.accounts.models import User
from diary.people.schools.models import SchoolRows


class Notification(SchoolOwned):
    """Something a person should notice. `subject_id` is the thing that happened, `about_id` what page it glows on."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(help_text="id of the change, not of the changed thing: two changes are two notices")
    about_id = models.UUIDField(help_text="id of the mark, lesson… that glows until seen")
    student_id = models.UUIDField(null=True)
    values = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="what the kind words for the reader; no names",
    )
    occurred_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "user", "kind", "subject_id"], name="notifications_once"),
        ]
        indexes = [
            models.Index(
                fields=["school", "user", "about_id"],
                condition=models.Q(seen_at__isnull=True),
                name="notifications_unseen",
            ),
        ]
