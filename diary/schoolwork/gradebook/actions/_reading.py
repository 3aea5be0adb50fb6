"""Reads what was typed into cells and says what has to be written, or why it cannot be."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.core.fields import uuid7
from diary.people.roster.models import Course
from diary.people.roster.policies import leads_course
from diary.schoolwork.attendance.actions import SignEntry
from diary.schoolwork.attendance.models import AttendanceSign
from diary.schoolwork.gradebook.actions.errors import CellsChanged, CellsRefused
from diary.schoolwork.gradebook.actions.marks import MarkEntry
from diary.schoolwork.gradebook.models import MarkChange
from diary.schoolwork.gradebook.policies import can_set_marks
from diary.schoolwork.gradebook.queries import (
    Cell,
    OpenLesson,
    Place,
    Span,
    lock_lessons,
    membership,
)
from diary.schoolwork.gradebook.rules import (
    MARKLESS_PARALLEL,
    MAX_PLACE,
    POINT,
    SEEN_AT_THE_LESSON,
    CellContent,
    DoubtfulSign,
    UnknownSign,
    parse_cell,
)
from diary.schoolwork.timetable.policies import must_teach


@dataclass(frozen=True, slots=True)
class CellEntry:
    """What a teacher typed into a cell, and the version of the cell it was typed over."""

    lesson_id: uuid.UUID
    student_id: uuid.UUID
    text: str
    version: int
    reason: str = ""


def under_lock(
    actor: Actor, course: Course, lesson_ids: Collection[uuid.UUID]
) -> tuple[Course, dict[uuid.UUID, OpenLesson]]:
    """The course and its lessons as they stand once nobody else writes there: what decides is read after the lock (A6).

    Raises PermissionDenied when the actor has lost the right meanwhile, AnotherTeachersLesson at a lesson that is not
    theirs, and BadInput for an unknown lesson.
    """
    wanted = set(lesson_ids)
    lessons = lock_lessons(school_id=course.school_id, course_id=course.id, lesson_ids=wanted)
    rows = Course.objects.select_related("subject", "group", "teacher", "school")
    present = rows.get(school_id=course.school_id, id=course.id)
    if not can_set_marks(actor, present):
        raise PermissionDenied
    if not wanted or set(lessons) != wanted:
        raise BadInput(_("Такого урока в этом журнале нет. Возможно, его перенесли: обновите страницу."))
    if len({lesson.period_id for lesson in lessons.values()}) > 1:
        raise BadInput(_("Клетки относятся к разным учебным периодам. Запишите каждый период отдельно."))
    if not leads_course(actor, present):
        must_teach(actor, present, {lesson.id: lesson.held_on for lesson in lessons.values()})
    return present, lessons


def understand(
    course: Course, cells: Sequence[CellEntry], lessons: Mapping[uuid.UUID, OpenLesson]
) -> dict[Place, CellContent]:
    """Read every cell and check it against the rules; raises CellsRefused naming each cell that is wrong."""
    spans = membership(
        school_id=course.school_id, group_id=course.group_id, student_ids={entry.student_id for entry in cells}
    )
    contents: dict[Place, CellContent] = {}
    refused = []
    for entry in cells:
        lesson = lessons[entry.lesson_id]
        place = (entry.lesson_id, entry.student_id)
        sentence = ""
        choices: tuple[str, ...] = ()
        try:
            contents[place] = parse_cell(entry.text)
            sentence = why_not(course, lesson, contents[place], spans.get(entry.student_id, []))
        except UnknownSign as error:
            sentence = _(
                "«%(token)s» не отметка и не знак посещаемости. Можно: 1–5, точка, н, б, у, оп; две отметки — 4/5."
            ) % {"token": str(error)[:20]}
        except DoubtfulSign as doubt:
            sentence, choices = which_of(doubt), doubt.choices
        if sentence:
            cell = {"lesson": entry.lesson_id, "student": entry.student_id, "message": sentence}
            refused.append(cell | ({"choices": choices} if choices else {}))
    if refused:
        raise CellsRefused(str(refused[0]["message"]), cells=refused)
    return contents


def which_of(doubt: DoubtfulSign) -> str:
    """The question that is asked about a text with several readings."""
    words = {"token": str(doubt)[:20]}
    if not doubt.is_fraction:
        return _("«%(token)s» — латинская буква: это «н» или «у»? Напишите по-русски.") % words
    if doubt.choices:
        words["both"] = re.sub("[.,]", "/", words["token"])
        return _("«%(token)s» — одна отметка или две? Дробных отметок нет: две пишут так: %(both)s.") % words
    return _("«%(token)s» — дробных отметок нет. Поставьте целую: от 1 до 5.") % words


def why_not(course: Course, lesson: OpenLesson, content: CellContent, spans: Sequence[Span]) -> str:
    """The sentence that says why this content cannot stand at this lesson; empty when it can."""
    day = date_format(lesson.held_on, "j E")
    if lesson.closed_at:
        return _("Период «%(period)s» закрыт. Чтобы исправить отметку, обратитесь к завучу.") % {
            "period": lesson.period
        }
    if lesson.is_cancelled:
        return _("Урок %(day)s отменён: отметить на нём ничего нельзя.") % {"day": day}
    if not any(start <= lesson.held_on and (until is None or lesson.held_on < until) for start, until in spans):
        return _("Ученик %(day)s не числился в группе «%(group)s». Проверьте дату урока или список группы.") % {
            "day": day,
            "group": course.group.name,
        }
    is_ahead = lesson.held_on > clock.today(course.school.timezone)
    if is_ahead and content.sign in SEEN_AT_THE_LESSON:
        return _("Урок %(day)s ещё не прошёл. Заранее можно отметить только болезнь (б) и причину (у).") % {"day": day}
    if not content.marks:
        return ""
    if course.group.parallel == MARKLESS_PARALLEL:
        return _("В 1 классе отметки не ставят. Можно отметить посещаемость: н, б, у, оп.")
    if course.subject.is_markless:
        return _("Предмет «%(subject)s» ведётся без отметок.") % {"subject": course.subject.name}
    if is_ahead and any(mark != POINT for mark in content.marks):
        return _("Урок %(day)s ещё не прошёл: отметку можно поставить в день урока.") % {"day": day}
    return ""


def check_versions(actor: Actor, course: Course, cells: Sequence[CellEntry], present: Mapping[Place, Cell]) -> None:
    """Raise CellsChanged naming, for each cell typed over an old version, what stands there now and who put it."""
    stale = {
        place: (entry, cell)
        for entry in cells
        for place in [(entry.lesson_id, entry.student_id)]
        for cell in [present.get(place, Cell())]
        if cell.version != entry.version
    }
    if not stale:
        return
    authors = _last_authors(course, stale)
    zone = course.school.timezone
    answers = [_stale_cell(actor, entry, cell, authors.get(place), zone) for place, (entry, cell) in stale.items()]
    raise CellsChanged(str(answers[0]["message"]), cells=answers)


Author = tuple[dt.datetime, str, int]  # (when, full name, user)


def _last_authors(course: Course, places: Collection[Place]) -> dict[Place, Author]:
    """Who touched each of these cells last, and when. Two statements."""
    within = {
        "school_id": course.school_id,
        "lesson_id__in": {lesson_id for lesson_id, _student in places},
        "student_id__in": {student_id for _lesson, student_id in places},
    }
    places_of = ("lesson_id", "student_id")
    changes = MarkChange.objects.filter(**within).values_list(
        *places_of, "changed_at", "changed_by_name", "changed_by_id"
    )
    signs = AttendanceSign.objects.filter(**within).values_list(*places_of, "set_at", "set_by_name", "set_by_id")
    last: dict[Place, Author] = {}
    for lesson_id, student_id, *author in (*changes, *signs):
        place = (lesson_id, student_id)
        last[place] = max(last.get(place, tuple(author)), tuple(author))
    return last


def _stale_cell(actor: Actor, entry: CellEntry, cell: Cell, author: Author | None, zone: str) -> dict[str, object]:
    """What stands in the cell now and who put it there, by the school's clock: somebody else, or the same person in
    another window (W7)."""
    at, who, user_id = author or (None, "", 0)
    is_own = user_id == actor.user_id
    return {
        "lesson": entry.lesson_id,
        "student": entry.student_id,
        "text": cell.text,
        "version": cell.version,
        "message": _("Клетку уже изменили: сейчас там «%(text)s» (%(who)s, %(at)s). Ваше «%(mine)s» не записано.")
        % {
            "text": cell.text or _("пусто"),
            "who": _("вы, в другом окне") if is_own else who,
            "at": time_format(clock.local(at, zone)) if at else "",
            "mine": entry.text[:20],
        },
        "who": who,
        "is_own": is_own,
        "at": at.isoformat() if at else "",
    }


def differences(
    cells: Sequence[CellEntry],
    contents: Mapping[Place, CellContent],
    lessons: Mapping[uuid.UUID, OpenLesson],
    present: Mapping[Place, Cell],
) -> tuple[list[MarkEntry], list[SignEntry]]:
    """What has to be written so that the cells show their new content; untouched marks stay untouched."""
    marks: list[MarkEntry] = []
    signs: list[SignEntry] = []
    for entry in cells:
        place = (entry.lesson_id, entry.student_id)
        cell, lesson = present.get(place, Cell()), lessons[entry.lesson_id]
        content = with_kept_sign(contents[place], cell, is_undo=entry.reason == MarkChange.Reason.UNDO)
        for number, value in _placed(cell, content.marks).items():
            before = cell.marks.get(number)
            if value == (before.value if before else ""):
                continue
            kind_id, kind_name, weight = lesson.kind_id, lesson.kind_name, lesson.kind_weight
            if before is not None and before.value and before.kind_id is not None and before.weight is not None:
                kind_id, kind_name, weight = before.kind_id, "", before.weight
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
                    kind_name=kind_name,
                )
            )
        old_sign = cell.sign.value if cell.sign else ""
        if content.sign != old_sign:
            sign_id, version = (cell.sign.id, cell.sign.version) if cell.sign else (uuid7(), 0)
            signs.append(SignEntry(sign_id, entry.lesson_id, entry.student_id, content.sign, old_sign, version))
    return marks, signs


def with_kept_sign(content: CellContent, cell: Cell, *, is_undo: bool) -> CellContent:
    """A mark typed over a sign leaves the sign standing: an absence never goes in silence (W5).

    The sign goes where that is all that was changed («4/б» → «4»), where another or none is left alone in the cell, and
    where a step is undone.
    """
    is_only_marks = any(content.marks) and not content.sign
    if is_undo or not is_only_marks or cell.sign is None or content.marks == cell.content.standing:
        return content
    return CellContent(content.marks, cell.sign.value)


def _placed(cell: Cell, values: Sequence[str]) -> dict[int, str]:
    """Give the typed values to places: first to those that hold a mark, in order, then to free ones."""
    held = [place for place in sorted(cell.marks) if cell.marks[place].value]
    free = [place for place in range(1, MAX_PLACE + 1) if place not in held]
    given = dict(zip(held, values, strict=False)) | dict.fromkeys(held[len(values) :], "")
    return given | dict(zip(free, values[len(held) :], strict=False))
