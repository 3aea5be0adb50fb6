"""What follows an entry in the journal: notices to the family and a word to the open pages (G2, C8)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from diary.foundation.access.scope import school_scope
from diary.foundation.jobs.queues import URGENT
from diary.foundation.jobs.retrying import SOON
from diary.foundation.live.topics import publish, topic
from diary.people.notifications.jobs import Happening, notify
from diary.people.roster.models import Course
from diary.people.roster.queries.families import recipients_of
from diary.schoolwork.gradebook.models import Mark, MarkChange

MARK_CHANGED = "gradebook.mark_changed"


def words_of_change(values: Mapping[str, Any]) -> str:
    """The mark itself stands on the page that the notice opens."""
    return _("В дневнике изменилась отметка.")


def announce_entries(course: Course, *, change_ids: Sequence[uuid.UUID], student_ids: Collection[uuid.UUID]) -> None:
    """Queue the announcement in the present transaction: it happens if and only if the entry does."""
    announce.defer(
        school_id=course.school_id,
        course_id=str(course.id),
        change_ids=[str(change_id) for change_id in change_ids],
        student_ids=sorted(str(student_id) for student_id in student_ids),
    )


@app.task(name="gradebook.announce", queue=URGENT, retry=SOON)
def announce(school_id: int, course_id: str, change_ids: list[str], student_ids: list[str]) -> None:
    """Write one notice for each (change, person), then tell the open pages that something changed.

    The job carries the ids of changes: with a mark's id two quick changes would melt into one notice.
    """
    with school_scope([school_id]):
        changes = list(MarkChange.objects.filter(school_id=school_id, id__in=change_ids).order_by("id"))
        standing = set(
            Mark.objects.filter(school_id=school_id, id__in=[change.mark_id for change in changes]).values_list(
                "id", flat=True
            )
        )
        told = [change for change in changes if change.mark_id in standing]
        families = recipients_of(school_id, {change.student_id for change in told})
        notify(
            school_id=school_id,
            kind=MARK_CHANGED,
            happenings=[
                Happening(
                    change.id,
                    change.mark_id,
                    change.student_id,
                    change.changed_at,
                    recipients=families.get(change.student_id, ()),
                )
                for change in told
            ],
        )
    publish([topic("course", school_id, course_id), *(topic("student", school_id, one) for one in student_ids)])
