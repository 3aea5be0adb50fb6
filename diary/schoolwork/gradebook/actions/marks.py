"""Writing marks with their history: the only place where a mark comes to be or changes (M9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.fields import uuid7
from diary.people.roster.models import Course, Staff
from diary.schoolwork.gradebook.actions.errors import CellsRefused
from diary.schoolwork.gradebook.models import Mark, MarkChange, WorkKind
from diary.schoolwork.gradebook.policies import can_set_marks
from diary.schoolwork.gradebook.queries import MarkRow, OpenLesson
from diary.schoolwork.gradebook.rules import CONTENT_VERSION, FIRST_PREVIOUS, POINT, change_hash

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
    kind_name: str = ""  # empty: the kind stays what it was


@action(check=can_set_marks)
def set_marks(actor: Actor, course: Course, *, entries: Sequence[MarkEntry]) -> list[tuple[Mark, MarkChange]]:
    """Write marks with their history (M9). The caller holds the lessons' locks and has compared versions.

    Each change is appended first, chained to the one before by its hash; the mark's row is keyed to it.
    Raises CellsRefused, naming all its cells, when a change of value, weight or kind of a standing mark lacks its
    reason.
    """
    histories = _histories(course, entries)
    own = [histories.get(entry.before.id, []) if entry.before else [] for entry in entries]
    at = clock.now()
    reasons = _reasons(actor, course, entries, own, at)
    changes = _changes(actor, course, entries, [history[-1] if history else None for history in own], reasons, at)
    MarkChange.objects.bulk_create(changes)
    marks = [_shown(course, entry, change) for entry, change in zip(entries, changes, strict=True)]
    Mark.objects.bulk_create(
        marks,
        update_conflicts=True,
        unique_fields=["school", "lesson_id", "student_id", "place"],
        update_fields=["value", "weight", "kind_id", "comment", "version"],
    )
    log.note(marks=[_told(change) for change in changes])
    return list(zip(marks, changes, strict=True))


def _told(change: MarkChange) -> dict[str, object]:
    """What the audit log keeps of a change: enough to find it, and the hash that holds all of it."""
    return {
        "mark": change.mark_id,
        "student": change.student_id,
        "old": change.old_value,
        "new": change.value,
        "reason": change.reason,
        "hash": bytes(change.hash).hex(),
    }


def _changes(
    actor: Actor,
    course: Course,
    entries: Sequence[MarkEntry],
    befores: Sequence[MarkChange | None],
    reasons: Sequence[str],
    at: dt.datetime,
) -> list[MarkChange]:
    post = _post(actor, course)
    names = _older_names(course, befores)
    changes = []
    for entry, before, reason in zip(entries, befores, reasons, strict=True):
        old_kind = before.kind_name or names[before.kind_id] if before else ""
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
            old_kind_name=old_kind,
            kind_name=entry.kind_name or old_kind,
            old_comment=before.comment if before else "",
            comment=entry.comment,
            reason=reason,
            changed_by_id=actor.person_id,
            changed_by_name=actor.name,
            changed_by_post=post,
            changed_at=at,
            content_version=CONTENT_VERSION,
            previous_hash=bytes(before.hash) if before else FIRST_PREVIOUS,
        )
        change.hash = change_hash(change)
        changes.append(change)
    return changes


def _older_names(course: Course, befores: Sequence[MarkChange | None]) -> dict[uuid.UUID, str]:
    """Names of kinds for changes that were written before names were kept. No statement when there are none."""
    wanted = {before.kind_id for before in befores if before and not before.kind_name}
    if not wanted:
        return {}
    return dict(WorkKind.objects.filter(school_id=course.school_id, id__in=wanted).values_list("id", "name"))


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


def _reasons(
    actor: Actor,
    course: Course,
    entries: Sequence[MarkEntry],
    histories: Sequence[Sequence[MarkChange]],
    at: dt.datetime,
) -> list[str]:
    """The reason to record with each change; raises CellsRefused with a question for each that needs one."""
    reasons = [
        _reason(actor, entry, history, at) if history else MarkChange.Reason.FIRST
        for entry, history in zip(entries, histories, strict=True)
    ]
    asked = [
        _question(actor, entry, history, course.school.timezone)
        for entry, history, reason in zip(entries, histories, reasons, strict=True)
        if reason is None
    ]
    if asked:
        raise CellsRefused(str(asked[0]["message"]), cells=asked)
    return [reason for reason in reasons if reason is not None]


def _reason(actor: Actor, entry: MarkEntry, history: Sequence[MarkChange], at: dt.datetime) -> str | None:
    """The reason to record; None: it must be asked. A standing mark needs one, unless its author corrects it at once.

    «At once» runs from the change that was made deliberately: neither a comment, nor another weight, nor one slip after
    another renews it.
    """
    before = history[-1]
    if before.value in ("", POINT):
        return MarkChange.Reason.FIRST
    is_same_work = (entry.kind_id, entry.weight) == (before.kind_id, before.weight)
    if entry.value == before.value and is_same_work:
        return MarkChange.Reason.COMMENT
    is_value = entry.value != before.value
    if entry.reason in (MarkChange.Reason.chosen() if is_value else MarkChange.Reason.chosen_for_work()):
        return entry.reason
    changes = [change for change in history if change.value != change.old_value]
    quick = (MarkChange.Reason.SLIP, MarkChange.Reason.UNDO)
    deliberate = next(change for change in reversed(changes) if change.reason not in quick)
    if not deliberate.changed_by_id == changes[-1].changed_by_id == actor.user_id:
        return None
    if is_value and entry.reason == MarkChange.Reason.UNDO and at - deliberate.changed_at <= UNDO_WITHIN:
        return MarkChange.Reason.UNDO
    if at - deliberate.changed_at <= SLIP_WITHIN:
        return MarkChange.Reason.SLIP if is_value else MarkChange.Reason.KIND
    return None


def _question(actor: Actor, entry: MarkEntry, history: Sequence[MarkChange], zone: str) -> dict[str, object]:
    """Asks why a standing mark is changed; says which it is, who has put it there and when (W7)."""
    last = history[-1]
    reasons = MarkChange.Reason.chosen() if entry.value != last.value else MarkChange.Reason.chosen_for_work()
    is_own = last.changed_by_id == actor.user_id
    words = {
        "value": last.value,
        "who": _("вы") if is_own else last.changed_by_name,
        "at": date_format(clock.local(last.changed_at, zone), "j E, H:i"),
    }
    return {
        "lesson": entry.lesson.id,
        "student": entry.student_id,
        "message": _("Уже стоит «%(value)s» (%(who)s, %(at)s). Выберите причину изменения: она останется в истории.")
        % words,
        "need_reason": True,
        "reasons": [[reason.value, str(reason.label)] for reason in reasons],
        "who": last.changed_by_name,
        "is_own": is_own,
        "at": last.changed_at.isoformat(),
    }


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
