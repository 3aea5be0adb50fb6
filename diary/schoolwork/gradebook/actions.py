"""Writing marks: the only way a mark comes to be or changes (M1, M9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Conflict, TooMuch
from diary.foundation.core.fields import uuid7
from diary.foundation.core.models import is_first_time
from diary.people.roster.models import Course, Enrollment
from diary.schoolwork.attendance.actions import SignEntry, set_signs
from diary.schoolwork.attendance.models import AttendanceSign
from diary.schoolwork.gradebook.jobs import announce_entries
from diary.schoolwork.gradebook.models import LessonWork, Mark, MarkChange, WorkKind
from diary.schoolwork.gradebook.policies import can_set_marks
from diary.schoolwork.gradebook.queries import Cell, MarkRow, Place, RowSum, course_cells, row_sums
from diary.schoolwork.gradebook.rules import (
    FIRST_PREVIOUS,
    MARKLESS_PARALLEL,
    MAX_PLACE,
    POINT,
    CellContent,
    UnknownSign,
    change_hash,
    parse_cell,
)
from diary.schoolwork.timetable.models import Lesson

MAX_CELLS = 500
SLIP_WITHIN = dt.timedelta(minutes=5)
UNDO_WITHIN = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CellEntry:
    """What a teacher typed into a cell, and the version of the cell it was typed over."""

    lesson_id: uuid.UUID
    student_id: uuid.UUID
    text: str
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """The cells as they stand after the deed, and the right side of the touched rows."""

    cells: Mapping[Place, Cell]
    rows: Mapping[uuid.UUID, RowSum]


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """One mark that is to get this value, kind and weight. `before` is its row under lock; None for a new mark."""

    lesson: Lesson
    student_id: uuid.UUID
    place: int
    value: str
    kind_id: uuid.UUID
    weight: Decimal
    comment: str
    before: MarkRow | None
    reason: str = ""


class CellsRefused(BadInput):
    """Some cells cannot take what was typed; nothing was written. `extra["cells"]` says which and why."""


class CellsChanged(Conflict):
    """Somebody changed some cells after they were read; nothing was written. `extra["cells"]` says who and what."""


@action(check=can_set_marks, audits=False)
def enter_cells(actor: Actor, course: Course, *, cells: Sequence[CellEntry], key: uuid.UUID) -> Entered:
    """Put what was typed into journal cells: marks and attendance signs, all or nothing (M1).

    `key` makes the request idempotent: sent again, it changes nothing and answers with what stands. Raises TooMuch,
    CellsRefused (unknown sign, lesson or student; closed period; reason needed) and CellsChanged (stale version).
    `course.group`, `course.subject` and `course.teacher` must be loaded.
    """
    if len(cells) > MAX_CELLS:
        raise TooMuch(
            _("За один раз можно записать не больше %(limit)s клеток, а пришло %(count)s. Вставьте по частям.")
            % {"limit": MAX_CELLS, "count": len(cells)}
        )
    is_new = is_first_time(actor.person_id, key)
    lessons = _lock_lessons(course, cells)
    period = next(iter(lessons.values())).period
    present = course_cells(
        school_id=course.school_id,
        course_id=course.id,
        first=period.starts_on,
        until=period.ends_until,
        student_ids={entry.student_id for entry in cells},
    )
    if is_new:
        contents = _understand(course, cells, lessons)
        _check_versions(cells, present)
        marks, signs = _differences(cells, contents, lessons, present)
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
    return Entered({place: present.get(place, Cell()) for place in places}, row_sums(present))


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

    `version` is the cell's. Raises BadInput when there is no such mark or kind, and as `enter_cells` does.
    """
    entry = CellEntry(lesson_id, student_id, "", version, reason)
    is_new = is_first_time(actor.person_id, key)
    lesson = _lock_lessons(course, [entry])[lesson_id]
    place_in_journal = (lesson_id, student_id)
    present = course_cells(
        school_id=course.school_id,
        course_id=course.id,
        first=lesson.period.starts_on,
        until=lesson.period.ends_until,
        student_ids=[student_id],
    )
    cell = present.get(place_in_journal, Cell())
    if is_new:
        _check_versions([entry], present)
        mark = cell.marks.get(place)
        if mark is None or not mark.value:
            raise BadInput(_("Этой отметки уже нет. Обновите страницу журнала."))
        if not WorkKind.objects.filter(school_id=course.school_id, id=kind_id).exists():
            raise BadInput(_("Такого вида работы в школе нет. Выберите из списка."))
        if lesson.period.closed_at:
            raise BadInput(_why_not(course, lesson, CellContent(), []))
        wanted = MarkEntry(lesson, student_id, place, mark.value, kind_id, weight, comment, mark, reason)
        written = set_marks(actor, course, entries=[wanted])
        _apply(present, [one for one, _change in written], [])
        announce_entries(course, change_ids=[change.id for _mark, change in written], student_ids=[student_id])
    return Entered({place_in_journal: present.get(place_in_journal, Cell())}, row_sums(present))


@action(check=can_set_marks)
def set_work(actor: Actor, course: Course, *, lesson: Lesson, kind_id: uuid.UUID) -> int:
    """Say what kind of work the lesson held (M1). Marks of the former kind take the new one and its weight.

    Returns how many marks changed. Raises BadInput for an unknown kind or a closed period.
    """
    entry = CellEntry(lesson.id, lesson.id, "", 0)
    locked = _lock_lessons(course, [entry])[lesson.id]
    if locked.kind_id == kind_id:  # type: ignore[attr-defined]
        return 0
    if locked.period.closed_at:
        raise BadInput(_why_not(course, locked, CellContent(), []))
    kind = WorkKind.objects.filter(school_id=course.school_id, id=kind_id).first()
    if kind is None:
        raise BadInput(_("Такого вида работы в школе нет. Выберите из списка."))
    LessonWork.objects.update_or_create(school_id=course.school_id, lesson_id=lesson.id, defaults={"kind_id": kind.id})
    log.note(lesson, kind=kind.name)
    marks = Mark.objects.filter(school_id=course.school_id, lesson_id=lesson.id, kind_id=locked.kind_id)  # type: ignore[attr-defined]
    entries = [
        MarkEntry(
            locked,
            mark.student_id,
            mark.place,
            mark.value,
            kind.id,
            kind.weight,
            mark.comment,
            MarkRow(
                mark.lesson_id,
                mark.student_id,
                mark.place,
                mark.value,
                mark.weight,
                mark.version,
                mark.id,
                mark.kind_id,
                mark.comment,
            ),
            MarkChange.Reason.KIND,
        )
        for mark in marks.exclude(value="").order_by("id")
    ]
    if entries:
        written = set_marks(actor, course, entries=entries)
        announce_entries(
            course,
            change_ids=[change.id for _mark, change in written],
            student_ids={entry.student_id for entry in entries},
        )
    return len(entries)


@action(check=can_set_marks)
def set_marks(actor: Actor, course: Course, *, entries: Sequence[MarkEntry]) -> list[tuple[Mark, MarkChange]]:
    """Write marks with their history (M9). The caller holds the lessons' locks and has compared versions.

    Each change is appended first, chained to the one before by its hash; the mark's row is keyed to it.
    Raises CellsRefused when a change of a standing mark lacks its reason.
    """
    last = _last_changes(entries)
    at = clock.now()
    post = course.teacher.post if course.teacher.user_id == actor.user_id else _("Администратор")
    changes = []
    for entry in entries:
        before = last.get(entry.before.id) if entry.before else None
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
            reason=_reason(actor, entry, before, at),
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


def _lock_lessons(course: Course, cells: Sequence[CellEntry]) -> dict[uuid.UUID, Lesson]:
    """Lessons of the cells, locked against other writers of the same lessons, with period and default kind."""
    wanted = {entry.lesson_id for entry in cells}
    work = LessonWork.objects.filter(school_id=course.school_id, lesson_id=OuterRef("id"))
    usual = WorkKind.objects.filter(school_id=course.school_id).order_by("position", "id")
    rows = (
        Lesson.objects.filter(school_id=course.school_id, course_id=course.id, id__in=wanted)
        .select_related("period")
        .annotate(
            kind_id=Coalesce(Subquery(work.values("kind_id")[:1]), Subquery(usual.values("id")[:1])),
            kind_weight=Coalesce(Subquery(work.values("kind__weight")[:1]), Subquery(usual.values("weight")[:1])),
        )
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
    )
    lessons = {lesson.id: lesson for lesson in rows}
    if not wanted or set(lessons) != wanted:
        raise BadInput(_("Такого урока в этом журнале нет. Возможно, его перенесли: обновите страницу."))
    if len({lesson.period_id for lesson in lessons.values()}) > 1:
        raise BadInput(_("Клетки относятся к разным учебным периодам. Запишите каждый период отдельно."))
    return lessons


def _understand(
    course: Course, cells: Sequence[CellEntry], lessons: Mapping[uuid.UUID, Lesson]
) -> dict[Place, CellContent]:
    """Read every cell and check it against the rules; raises CellsRefused naming each cell that is wrong."""
    spans = _membership(course, {entry.student_id for entry in cells})
    contents: dict[Place, CellContent] = {}
    refused = []
    for entry in cells:
        lesson = lessons[entry.lesson_id]
        place = (entry.lesson_id, entry.student_id)
        sentence = ""
        try:
            contents[place] = parse_cell(entry.text)
            sentence = _why_not(course, lesson, contents[place], spans.get(entry.student_id, []))
        except UnknownSign as error:
            sentence = _(
                "«%(token)s» не отметка и не знак посещаемости. Можно: 1–5, точка, н, б, у, оп; две отметки — 4/5."
            ) % {"token": str(error)[:20]}
        if sentence:
            refused.append({"lesson": entry.lesson_id, "student": entry.student_id, "message": sentence})
    if refused:
        raise CellsRefused(str(refused[0]["message"]), cells=refused)
    return contents


def _why_not(course: Course, lesson: Lesson, content: CellContent, spans: list[tuple[dt.date, dt.date | None]]) -> str:
    """The sentence that says why this content cannot stand at this lesson; empty when it can."""
    day = date_format(lesson.held_on, "j E")
    if lesson.period.closed_at:
        return _("Период «%(period)s» закрыт. Чтобы исправить отметку, обратитесь к завучу.") % {
            "period": lesson.period.name
        }
    if lesson.state == Lesson.State.CANCELLED:
        return _("Урок %(day)s отменён: отметить на нём ничего нельзя.") % {"day": day}
    if not any(start <= lesson.held_on and (until is None or lesson.held_on < until) for start, until in spans):
        return _("Ученик %(day)s не числился в группе «%(group)s». Проверьте дату урока или список группы.") % {
            "day": day,
            "group": course.group.name,
        }
    if not content.marks:
        return ""
    if course.group.parallel == MARKLESS_PARALLEL:
        return _("В 1 классе отметки не ставят. Можно отметить посещаемость: н, б, у, оп.")
    if course.subject.is_markless:
        return _("Предмет «%(subject)s» ведётся без отметок.") % {"subject": course.subject.name}
    if lesson.held_on > clock.today() and any(mark != POINT for mark in content.marks):
        return _("Урок %(day)s ещё не прошёл: отметку можно поставить в день урока.") % {"day": day}
    return ""


def _membership(
    course: Course, student_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[tuple[dt.date, dt.date | None]]]:
    spans: dict[uuid.UUID, list[tuple[dt.date, dt.date | None]]] = {}
    rows = Enrollment.objects.filter(
        school_id=course.school_id, group_id=course.group_id, student_id__in=student_ids
    ).values_list("student_id", "starts_on", "until")
    for student_id, starts_on, until in rows:
        spans.setdefault(student_id, []).append((starts_on, until))
    return spans


def _check_versions(cells: Sequence[CellEntry], present: Mapping[Place, Cell]) -> None:
    stale = [
        entry for entry in cells if present.get((entry.lesson_id, entry.student_id), Cell()).version != entry.version
    ]
    if not stale:
        return
    answers = [_stale_cell(entry, present.get((entry.lesson_id, entry.student_id), Cell())) for entry in stale]
    raise CellsChanged(str(answers[0]["message"]), cells=answers)


def _stale_cell(entry: CellEntry, cell: Cell) -> dict[str, object]:
    """What stands in the cell now and who put it there."""
    change = (
        MarkChange.objects.filter(mark_id__in=[row.id for row in cell.marks.values()]).order_by("-changed_at").first()
    )
    sign = AttendanceSign.objects.filter(id=cell.sign.id).first() if cell.sign else None
    who, at = "", None
    if change:
        who, at = change.changed_by_name, change.changed_at
    if sign and (at is None or sign.set_at > at):
        who, at = sign.set_by_name, sign.set_at
    return {
        "lesson": entry.lesson_id,
        "student": entry.student_id,
        "text": cell.text,
        "version": cell.version,
        "message": _("Клетку уже изменили: сейчас там «%(text)s» (%(who)s, %(at)s). Ваше «%(mine)s» не записано.")
        % {
            "text": cell.text or _("пусто"),
            "who": who,
            "at": time_format(timezone.localtime(at)) if at else "",
            "mine": entry.text[:20],
        },
    }


def _differences(
    cells: Sequence[CellEntry],
    contents: Mapping[Place, CellContent],
    lessons: Mapping[uuid.UUID, Lesson],
    present: Mapping[Place, Cell],
) -> tuple[list[MarkEntry], list[SignEntry]]:
    """What has to be written so that the cells show their new content; untouched marks stay untouched."""
    marks: list[MarkEntry] = []
    signs: list[SignEntry] = []
    for entry in cells:
        place = (entry.lesson_id, entry.student_id)
        cell, content, lesson = present.get(place, Cell()), contents[place], lessons[entry.lesson_id]
        for number, value in _placed(cell, content.marks).items():
            before = cell.marks.get(number)
            if value == (before.value if before else ""):
                continue
            kind_id, weight = lesson.kind_id, lesson.kind_weight  # type: ignore[attr-defined]
            if before is not None and before.value and before.kind_id is not None and before.weight is not None:
                kind_id, weight = before.kind_id, before.weight
            marks.append(
                MarkEntry(
                    lesson=lesson,
                    student_id=entry.student_id,
                    place=number,
                    value=value,
                    kind_id=kind_id,
                    weight=weight,
                    comment=before.comment if before else "",
                    before=before,
                    reason=entry.reason,
                )
            )
        old_sign = cell.sign.value if cell.sign else ""
        if content.sign != old_sign:
            version = cell.sign.version if cell.sign else 0
            signs.append(SignEntry(entry.lesson_id, entry.student_id, content.sign, old_sign, version))
    return marks, signs


def _placed(cell: Cell, values: Sequence[str]) -> dict[int, str]:
    """Give the typed values to places: first to those that hold a mark, in order, then to free ones."""
    held = [place for place in sorted(cell.marks) if cell.marks[place].value]
    free = [place for place in range(1, MAX_PLACE + 1) if place not in held]
    given = dict(zip(held, values, strict=False)) | dict.fromkeys(held[len(values) :], "")
    return given | dict(zip(free, values[len(held) :], strict=False))


def _last_changes(entries: Sequence[MarkEntry]) -> dict[uuid.UUID, MarkChange]:
    """The change behind each mark that already has a row."""
    known = {entry.before.id: entry.before.version for entry in entries if entry.before}
    if not known:
        return {}
    rows = MarkChange.objects.filter(mark_id__in=known).order_by("mark_id", "-version").distinct("mark_id")
    return {change.mark_id: change for change in rows}


def _reason(actor: Actor, entry: MarkEntry, before: MarkChange | None, at: dt.datetime) -> str:
    """The reason to record. A standing mark needs one, unless its author corrects it at once."""
    if before is None or before.value in ("", POINT):
        return MarkChange.Reason.FIRST
    if entry.value == before.value:
        # the mark itself stands; only its kind, weight or comment is set
        return MarkChange.Reason.KIND if entry.weight != before.weight else MarkChange.Reason.COMMENT
    if entry.reason in MarkChange.Reason.chosen():
        return entry.reason
    is_own = before.changed_by_id == actor.user_id
    if entry.reason == MarkChange.Reason.UNDO and is_own and at - before.changed_at <= UNDO_WITHIN:
        return MarkChange.Reason.UNDO
    if is_own and at - before.changed_at <= SLIP_WITHIN:
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


def _apply(present: dict[Place, Cell], marks: Iterable[Mark], signs: Iterable[SignEntry]) -> None:
    """Bring the cells read under lock up to what has just been written."""
    for mark in marks:
        cell = present.setdefault((mark.lesson_id, mark.student_id), Cell())
        cell.marks[mark.place] = MarkRow(
            mark.lesson_id,
            mark.student_id,
            mark.place,
            mark.value,
            mark.weight,
            mark.version,
            mark.id,
            mark.kind_id,
            mark.comment,
        )
    for sign in signs:
        cell = present.setdefault((sign.lesson_id, sign.student_id), Cell())
        sign_id = cell.sign.id if cell.sign else sign.student_id
        cell.sign = MarkRow(sign.lesson_id, sign.student_id, 0, sign.sign, None, sign.version + 1, sign_id, None, "")
