"""What a teacher does in the grid: type into cells, describe a mark, say what kind of work a lesson held (M1)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import TypedDict

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core.errors import BadInput, TooMuch
from diary.foundation.core.models import is_first_time
from diary.people.roster.models import Course
from diary.schoolwork.attendance.actions import SignEntry, set_signs
from diary.schoolwork.gradebook.actions._reading import (
    CellEntry,
    check_versions,
    differences,
    under_lock,
    understand,
    why_not,
)
from diary.schoolwork.gradebook.actions.errors import CellsRefused
from diary.schoolwork.gradebook.actions.marks import MarkEntry, set_marks
from diary.schoolwork.gradebook.jobs import announce_entries
from diary.schoolwork.gradebook.models import LessonWork, Mark, WorkKind
from diary.schoolwork.gradebook.policies import can_set_marks
from diary.schoolwork.gradebook.queries import (
    Cell,
    MarkRow,
    OpenLesson,
    Place,
    RowSum,
    brought_marks,
    course_cells,
    mark_row,
    row_sums,
)
from diary.schoolwork.gradebook.rules import LEAST_WEIGHT, MAX_COMMENT, MOST_WEIGHT, CellContent
from diary.schoolwork.timetable.models import Lesson

MAX_CELLS = 500


@dataclass(frozen=True, slots=True)
class Entered:
    """The cells as they stand after the deed, and the right side of the touched rows."""

    cells: Mapping[Place, Cell]
    rows: Mapping[uuid.UUID, RowSum]


@action(check=can_set_marks, audits=False)
def enter_cells(actor: Actor, course: Course, *, cells: Sequence[CellEntry], key: uuid.UUID) -> Entered:
    """Put what was typed into journal cells: marks and attendance signs, all or nothing (M1).

    `key` makes the request idempotent: sent again, it changes nothing and answers with what stands. Raises TooMuch,
    CellsRefused (unknown sign, lesson or student; closed period; reason needed), AnotherTeachersLesson and CellsChanged
    (stale version).
    `course.group`, `course.subject` and `course.teacher` must be loaded.
    """
    if len(cells) > MAX_CELLS:
        raise TooMuch(
            _("За один раз можно записать не больше %(limit)s клеток, а пришло %(count)s. Вставьте по частям.")
            % {"limit": MAX_CELLS, "count": len(cells)}
        )
    is_new = is_first_time(actor.person_id, key, ["cells", course.id, *map(astuple, cells)])
    course, lessons = under_lock(actor, course, {entry.lesson_id for entry in cells})
    lesson = next(iter(lessons.values()))  # all are of one period
    within = _within(course, lesson, {entry.student_id for entry in cells})
    present = course_cells(**within)
    if is_new:
        contents = understand(course, cells, lessons)
        check_versions(actor, course, cells, present)
        marks, signs = differences(cells, contents, lessons, present)
        with _told_what_stands(present):
            written = set_marks(actor, course, entries=marks) if marks else []
        if signs:
            set_signs(actor, course, entries=signs)
        if written or signs:
            _apply(present, [mark for mark, _change in written], signs)
            announce_entries(
                course,
                change_ids=[change.id for _mark, change in written],
                student_ids={mark.student_id for mark in marks} | {sign.student_id for sign in signs},
            )
    places = {(entry.lesson_id, entry.student_id) for entry in cells}
    return Entered({place: present.get(place, Cell()) for place in places}, row_sums(present, brought_marks(**within)))


@action(check=can_set_marks, audits=False)
def describe_mark(
    actor: Actor,
    course: Course,
    *,
    lesson_id: uuid.UUID,
    student_id: uuid.UUID,
    place: int,
    kind_id: uuid.UUID,
    weight: Decimal,
    comment: str,
    reason: str,
    version: int,
    key: uuid.UUID,
) -> Entered:
    """Give one mark another kind of work, weight or comment; recorded in its history like any change (M1, M9).

    `version` is the cell's; another kind or weight needs its reason (W6). Raises BadInput when there is no such mark or
    kind, and as `enter_cells` does.
    """
    entry = CellEntry(lesson_id, student_id, "", version, reason)
    asked = ["mark", course.id, astuple(entry), place, kind_id, weight, comment]
    is_new = is_first_time(actor.person_id, key, asked)
    course, lessons = under_lock(actor, course, [lesson_id])
    lesson = lessons[lesson_id]
    place_in_journal = (lesson_id, student_id)
    within = _within(course, lesson, {student_id})
    present = course_cells(**within)
    cell = present.get(place_in_journal, Cell())
    if is_new:
        check_versions(actor, course, [entry], present)
        mark = cell.marks.get(place)
        if mark is None or not mark.value:
            raise BadInput(_("Этой отметки уже нет. Обновите страницу журнала."))
        kind = _kind(course, kind_id)
        if lesson.closed_at:
            raise BadInput(why_not(course, lesson, CellContent(), []))
        _check_described(weight, comment)
        wanted = MarkEntry(lesson, student_id, place, mark.value, kind.id, weight, comment, mark, reason, kind.name)
        with _told_what_stands(present):
            written = set_marks(actor, course, entries=[wanted])
        _apply(present, [one for one, _change in written], [])
        announce_entries(course, change_ids=[change.id for _mark, change in written], student_ids=[student_id])
    return Entered(
        {place_in_journal: present.get(place_in_journal, Cell())}, row_sums(present, brought_marks(**within))
    )


@action(check=can_set_marks)
def set_work(actor: Actor, course: Course, *, lesson: Lesson, kind_id: uuid.UUID, reason: str = "") -> int | None:
    """Say what kind of work the lesson held (M1). Marks of the former kind take the new one and its weight.

    Returns how many marks changed; None when the lesson held this kind already. Raises BadInput for an unknown kind or
    a closed period, and CellsRefused when standing marks would change and no reason is given (W6).
    """
    course, lessons = under_lock(actor, course, [lesson.id])
    locked = lessons[lesson.id]
    if locked.kind_id == kind_id:
        return None
    if locked.closed_at:
        raise BadInput(why_not(course, locked, CellContent(), []))
    kind = _kind(course, kind_id)
    LessonWork.objects.update_or_create(school_id=course.school_id, lesson_id=lesson.id, defaults={"kind_id": kind.id})
    log.note(lesson, kind=kind.name)
    marks = Mark.objects.filter(school_id=course.school_id, lesson_id=lesson.id, kind_id=locked.kind_id)
    entries = [
        MarkEntry(
            locked,
            mark.student_id,
            mark.place,
            mark.value,
            kind.id,
            kind.weight,
            mark.comment,
            mark_row(mark),
            reason,
            kind.name,
        )
        for mark in marks.exclude(value="").order_by("id")
    ]
    written = set_marks(actor, course, entries=entries) if entries else []
    announce_entries(
        course,
        change_ids=[change.id for _mark, change in written],
        student_ids={entry.student_id for entry in entries},
    )
    return len(entries)


def _kind(course: Course, kind_id: uuid.UUID) -> WorkKind:
    kind: WorkKind | None = WorkKind.objects.filter(school_id=course.school_id, id=kind_id).first()
    if kind is None:
        raise BadInput(_("Такого вида работы в школе нет. Выберите из списка."))
    return kind


@contextmanager
def _told_what_stands(present: Mapping[Place, Cell]) -> Iterator[None]:
    """A refusal from inside says of each of its cells what stands there now, as a conflict does (W7)."""
    try:
        yield
    except CellsRefused as refusal:
        for told in refusal.extra["cells"]:
            cell = present.get((told["lesson"], told["student"]), Cell())
            told |= {"text": cell.text, "version": cell.version}
        raise


class _Within(TypedDict):
    """Which students' marks of a course, and of which period."""

    school_id: int
    course_id: uuid.UUID
    first: dt.date
    until: dt.date
    student_ids: Collection[uuid.UUID]


def _within(course: Course, lesson: OpenLesson, student_ids: Collection[uuid.UUID]) -> _Within:
    return {
        "school_id": course.school_id,
        "course_id": course.id,
        "first": lesson.starts_on,
        "until": lesson.ends_until,
        "student_ids": student_ids,
    }


def _check_described(weight: Decimal, comment: str) -> None:
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        raise BadInput(_("Вес — число от 0,1 до 20."))
    if len(comment) > MAX_COMMENT:
        raise BadInput(_("Комментарий длиннее %(limit)s знаков. Сократите текст.") % {"limit": MAX_COMMENT})


def _apply(present: dict[Place, Cell], marks: Iterable[Mark], signs: Iterable[SignEntry]) -> None:
    """Bring the cells read under lock up to what has just been written."""
    for mark in marks:
        cell = present.setdefault((mark.lesson_id, mark.student_id), Cell())
        cell.marks[mark.place] = mark_row(mark)
    for sign in signs:
        cell = present.setdefault((sign.lesson_id, sign.student_id), Cell())
        cell.sign = MarkRow(sign.lesson_id, sign.student_id, 0, sign.sign, None, sign.version + 1, sign.id, None, "")
