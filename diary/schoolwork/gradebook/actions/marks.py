"""Writing marks with their history: the only place where a mark comes to be or changes (M9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.fields import uuid7
from diary.people.roster.models import Course, Staff
from diary.schoolwork.gradebook.actions.errors import CellsRefused
from diary.schoolwork.gradebook.models import Mark, MarkChange
from diary.schoolwork.gradebook.policies import can_set_marks
from diary.schoolwork.gradebook.queries import MarkRow, OpenLesson
from diary.schoolwork.gradebook.rules import FIRST_PREVIOUS, POINT, change_hash

SLIP_WITHIN = dt.timedelta(minutes=5)
UNDO_WITHIN = dt.timedelta(hours=1)
OFFICE_POST = "Администратор"  # kept for ever, so in the language of the school's documents


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """One mark that is to get this value, kind and weight. `before` is its row under lock; None for a new mark."""

    lesson: OpenLesson
    student_id: uuid.UUID
    place: int
    value: str
    kind_id: uuid.UUID
    weight: Decimal
    comment: str
    before: MarkRow | None
    reason: str = ""


@action(check=can_set_marks)
def set_marks(actor: Actor, course: Course, *, entries: Sequence[MarkEntry]) -> list[tuple[Mark, MarkChange]]:
    """Write marks with their history (M9). The caller holds the lessons' locks and has compared versions.

    Each change is appended first, chained to the one before by its hash; the mark's row is keyed to it.
    Raises CellsRefused when a change of a standing mark lacks its reason.
    """
    histories = _histories(course, entries)
    at = clock.now()
    post = _post(actor, course)
    changes = []
    for entry in entries:
        history = histories.get(entry.before.id, []) if entry.before else []
        before = history[-1] if history else None
        change = MarkChange(
            school_id=course.school_id,
            mark_id=entry.before.id if entry.before else uuid7(),
            version=before.version + 1 if before else 1,
            lesson_id=entry.lesson.id,
            student_id=entry.student_id,
            old_value=before.value if before else "",
            value=entry.value,
            old_weight=before.weight if before else entry.weight,
            weight=entry.weight,
            kind_id=entry.kind_id,
            comment=entry.comment,
            reason=_reason(actor, entry, history, at),
            changed_by_id=actor.person_id,
            changed_by_name=actor.name,
            changed_by_post=post,
            changed_at=at,
            previous_hash=bytes(before.hash) if before else FIRST_PREVIOUS,
        )
        change.hash = change_hash(change)
        changes.append(change)
    MarkChange.objects.bulk_create(changes)
    marks = [_shown(course, entry, change) for entry, change in zip(entries, changes, strict=True)]
    Mark.objects.bulk_create(
        marks,
        update_conflicts=True,
        unique_fields=["school", "lesson_id", "student_id", "place"],
        update_fields=["value", "weight", "kind_id", "comment", "version"],
    )
    log.note(
        marks=[
            {
                "mark": change.mark_id,
                "student": change.student_id,
                "old": change.old_value,
                "new": change.value,
                "reason": change.reason,
                "hash": bytes(change.hash).hex(),
            }
            for change in changes
        ]
    )
    return list(zip(marks, changes, strict=True))


def _post(actor: Actor, course: Course) -> str:
    """What documents call the writer: the post in the school, whatever language the writer reads in."""
    if course.teacher.user_id == actor.user_id:
        return str(course.teacher.post)
    own = Staff.objects.filter(school_id=course.school_id, user_id=actor.person_id).order_by("id").first()
    return str(own.post) if own else OFFICE_POST


def _histories(course: Course, entries: Sequence[MarkEntry]) -> dict[uuid.UUID, list[MarkChange]]:
    """The changes, oldest first, of each mark that already has a row. One statement, none when all marks are new."""
    known = [entry.before.id for entry in entries if entry.before]
    histories: dict[uuid.UUID, list[MarkChange]] = {}
    if known:
        changes = MarkChange.objects.filter(school_id=course.school_id, mark_id__in=known)
        for change in changes.order_by("mark_id", "version"):
            histories.setdefault(change.mark_id, []).append(change)
    return histories


def _reason(actor: Actor, entry: MarkEntry, history: Sequence[MarkChange], at: dt.datetime) -> str:
    """The reason to record. A standing mark needs one, unless its author corrects it at once.

    «At once» runs from the change that was made deliberately: neither a comment, nor another weight, nor one slip after
    another renews it.
    """
    before = history[-1] if history else None
    if before is None or before.value in ("", POINT):
        return MarkChange.Reason.FIRST
    if entry.value == before.value:
        # the mark itself stands; only its kind, weight or comment is set
        return MarkChange.Reason.KIND if entry.weight != before.weight else MarkChange.Reason.COMMENT
    if entry.reason in MarkChange.Reason.chosen():
        return entry.reason
    changes = [change for change in history if change.value != change.old_value]
    quick = (MarkChange.Reason.SLIP, MarkChange.Reason.UNDO)
    deliberate = next(change for change in reversed(changes) if change.reason not in quick)
    is_own = deliberate.changed_by_id == changes[-1].changed_by_id == actor.user_id
    if entry.reason == MarkChange.Reason.UNDO and is_own and at - deliberate.changed_at <= UNDO_WITHIN:
        return MarkChange.Reason.UNDO
    if is_own and at - deliberate.changed_at <= SLIP_WITHIN:
        return MarkChange.Reason.SLIP
    sentence = _("Отметка уже стояла. Выберите причину изменения: она останется в истории.")
    cell = {"lesson": entry.lesson.id, "student": entry.student_id, "message": sentence, "need_reason": True}
    raise CellsRefused(sentence, cells=[cell])


def _shown(course: Course, entry: MarkEntry, change: MarkChange) -> Mark:
    return Mark(
        school_id=course.school_id,
        id=change.mark_id,
        lesson_id=entry.lesson.id,
        student_id=entry.student_id,
        kind_id=entry.kind_id,
        place=entry.place,
        course_id=course.id,
        held_on=entry.lesson.held_on,
        value=entry.value,
        weight=entry.weight,
        comment=entry.comment,
        version=change.version,
    )
