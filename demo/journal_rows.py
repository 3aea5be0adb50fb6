"""Writes attendance signs, marks with their chained history, and the notices that still glow."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from demo.cast import CAST_PUPILS
from demo.catalogue import Catalogue
from demo.chance import Chance, Ids
from demo.characters import Character
from demo.diary_rows import Year
from demo.marks import MarkPlan, Seat, SignPlan, journal_of
from demo.people import Pupil
from demo.rolls import Rolls, members, since
from demo.staffing import Staffing
from demo.writing import batches, insert_rows
from diary.foundation.access.actor import system_actor
from diary.foundation.audit.log import AuditNote, write_audit
from diary.people.notifications.models import Notification
from diary.schoolwork.attendance.models import AttendanceSign
from diary.schoolwork.gradebook.models import Mark, MarkChange
from diary.schoolwork.gradebook.rules import CONTENT_VERSION, FIRST_PREVIOUS, MARKLESS_PARALLEL, change_hash

MARK_CHANGED = "gradebook.mark_changed"
CAST_GLOWS = 4  # new marks that each pupil of the cast has at least


class ChangeRow(NamedTuple):
    """A MarkChange as it is written; the fields that are hashed have the model's names."""

    school_id: int
    id: uuid.UUID
    mark_id: uuid.UUID
    version: int
    lesson_id: uuid.UUID
    student_id: uuid.UUID
    old_value: str
    value: str
    old_weight: Decimal
    weight: Decimal
    kind_id: uuid.UUID
    old_kind_name: str
    kind_name: str
    old_comment: str
    comment: str
    reason: str
    changed_by_id: int
    changed_by_name: str
    changed_by_post: str
    changed_at: dt.datetime
    content_version: int
    previous_hash: bytes
    hash: bytes = b""


class JournalWriter:
    """Turns plans of one school into rows."""

    def __init__(
        self, catalogue: Catalogue, rolls: Rolls, staffing: Staffing, pupils: Sequence[Pupil], ids: Ids
    ) -> None:
        self._catalogue = catalogue
        self._rolls = rolls
        self._staffing = staffing
        self._pupils = pupils
        self._ids = ids
        self._school = catalogue.school.id
        self._kinds = {code: (kind.id, str(kind.name), Decimal(kind.weight)) for code, kind in catalogue.kinds.items()}

    def write_signs(self, signs: Iterable[SignPlan]) -> int:
        """Attendance signs in the name of the lesson's teacher."""
        names = ("school_id", "id", "lesson_id", "student_id", "sign", "version", "set_by_id", "set_by_name", "set_at")
        return insert_rows(AttendanceSign, names, map(self._sign_row, signs))

    def write_marks(
        self, marks: Sequence[MarkPlan], *, glows_since: dt.datetime, report: Callable[[float], None]
    ) -> int:
        """Changes first, then the marks they hold, then notices of fresh ones. Returns how many notices.

        `report` hears the share done.
        """
        count = glowing = 0
        cast_since = self._cast_glows_since(marks, glows_since)
        names = ("school_id", "id", "lesson_id", "student_id", "kind_id", "place", "course_id", "held_on")
        for batch in batches(marks):
            histories = [(mark, self._history(mark)) for mark in batch]
            insert_rows(MarkChange, ChangeRow._fields, (change for _mark, rows in histories for change in rows))
            self._tell([change for _mark, changes in histories for change in changes])
            rows = (self._mark_row(mark, changes[-1]) for mark, changes in histories)
            count += insert_rows(Mark, (*names, "value", "weight", "comment", "version"), rows)
            fresh = [
                (mark, change)
                for mark, changes in histories
                for change in changes
                if change.changed_at >= cast_since.get(mark.pupil, glows_since)
            ]
            glowing += self._write_notices(fresh)
            report(count / len(marks))
        return glowing

    def _cast_glows_since(self, marks: Sequence[MarkPlan], glows_since: dt.datetime) -> dict[int, dt.datetime]:
        """The cast always has a few new marks, even after an illness: by place, from when on."""
        cast = {place for place, pupil in enumerate(self._pupils) if pupil.name in CAST_PUPILS}
        times: dict[int, list[dt.datetime]] = {}
        for mark in marks:
            if mark.pupil in cast:
                times.setdefault(mark.pupil, []).extend(change.changed_at for change in mark.changes)
        return {place: min(glows_since, sorted(own)[-CAST_GLOWS:][0]) for place, own in times.items()}

    def _sign_row(self, plan: SignPlan) -> tuple[Any, ...]:
        teacher = self._rolls.staff[self._staffing.courses[plan.lesson.course].teacher]
        return (
            *(self._school, self._ids(), plan.lesson.id, self._rolls.students[plan.pupil].id, plan.sign, 1),
            *(teacher.user_id, teacher.full_name, plan.set_at),
        )

    def _history(self, plan: MarkPlan) -> list[ChangeRow]:
        teacher = self._rolls.staff[self._staffing.courses[plan.lesson.course].teacher]
        kind_id, kind_name, weight = self._kinds[plan.kind]
        mark_id, previous, old_value = self._ids(), FIRST_PREVIOUS, ""
        rows: list[ChangeRow] = []
        for version, change in enumerate(plan.changes, start=1):
            row = ChangeRow(
                school_id=self._school,
                id=self._ids(),
                mark_id=mark_id,
                version=version,
                lesson_id=plan.lesson.id,
                student_id=self._rolls.students[plan.pupil].id,
                old_value=old_value,
                value=change.value,
                old_weight=weight,
                weight=weight,
                kind_id=kind_id,
                old_kind_name=kind_name if version > 1 else "",
                kind_name=kind_name,
                old_comment=plan.comment if version > 1 else "",
                comment=plan.comment,
                reason=change.reason,
                changed_by_id=teacher.user_id or 0,
                changed_by_name=teacher.full_name,
                changed_by_post=teacher.post,
                changed_at=change.changed_at,
                content_version=CONTENT_VERSION,
                previous_hash=previous,
            )
            row = row._replace(hash=change_hash(row))
            rows.append(row)
            previous, old_value = row.hash, row.value
        return rows

    def _tell(self, changes: Sequence[ChangeRow]) -> None:
        """The log says that this history was brought in: nobody did these deeds."""
        told = [{"mark": change.mark_id, "hash": change.hash.hex()} for change in changes]
        school = self._catalogue.school
        write_audit(system_actor([school.id]), MarkChange.brought_by, school, [AuditNote({MarkChange.told: told})])

    def _mark_row(self, plan: MarkPlan, last: ChangeRow) -> tuple[Any, ...]:
        course = self._rolls.courses[plan.lesson.course]
        return (
            *(self._school, last.mark_id, last.lesson_id, last.student_id, last.kind_id, plan.place, course.id),
            *(plan.lesson.held_on, last.value, last.weight, last.comment, last.version),
        )

    def _write_notices(self, fresh: Sequence[tuple[MarkPlan, ChangeRow]]) -> int:
        names = ("school_id", "id", "user_id", "kind", "subject_id", "about_id", "student_id", "occurred_at")

        def rows() -> Iterator[tuple[Any, ...]]:
            for plan, change in fresh:
                pupil = self._pupils[plan.pupil]
                for login in (pupil.login, *(adult.login for adult in pupil.guardians)):
                    yield (
                        *(self._school, self._ids(), self._rolls.users[login].id, MARK_CHANGED, change.id),
                        *(change.mark_id, change.student_id, change.changed_at),
                    )

        return insert_rows(Notification, names, rows())


def plan_journals(
    staffing: Staffing,
    pupils: Sequence[Pupil],
    characters: Sequence[Character],
    year: Year,
    moment: dt.datetime,
    chance: Chance,
) -> tuple[list[SignPlan], list[MarkPlan]]:
    """All journals of a school thought out."""
    signs: list[SignPlan] = []
    marks: list[MarkPlan] = []
    for course, lessons in zip(staffing.courses, year, strict=True):
        seats = [
            Seat(
                pupil,
                characters[pupil],
                since(pupils[pupil], lessons[0].held_on),
                pupils[pupil].left_on or dt.date.max,
            )
            for pupil in members(pupils, course.group)
        ]
        has_marks = course.group.class_plan.parallel != MARKLESS_PARALLEL and not course.subject.is_markless
        random = chance.stream("journal", course.group.name, course.subject.code)
        for written in journal_of(
            course.subject, course.hours, lessons, seats, has_marks=has_marks, moment=moment, random=random
        ):
            if isinstance(written, MarkPlan):
                marks.append(written)
            else:
                signs.append(written)
    return signs, marks
