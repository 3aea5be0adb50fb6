"""A new weekly timetable replaces the coming lessons: what has happened or holds something stays (F5)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diary.people.intake.records import Kind
from diary.people.intake.saving.run import ONE_DAY, Saving
from diary.schoolwork.timetable.laying_out import lay_out
from diary.schoolwork.timetable.models import Lesson, WeeklySlot
from diary.schoolwork.timetable.queries import lessons_with_records

LESSONS_TOLD = 5


@dataclass(frozen=True, slots=True)
class Replanned:
    """How many coming lessons were added, moved to another room and removed; those that hold something and stay."""

    added: int
    moved: int
    removed: int
    kept: tuple[Lesson, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the lessons were as the timetable has them."""
        return not (self.added or self.moved or self.removed or self.kept)


def replan_lessons(school_id: int, course_ids: Collection[uuid.UUID], *, first: dt.date) -> Replanned:
    """Bring the lessons of these courses from `first` on in line with their weekly slots.

    A lesson that no slot explains goes, unless it was added by hand or holds marks, signs, a topic or homework; missing
    ones are added. Courses whose lessons are not on dates yet are left alone. The statements do not grow with lessons.
    """
    rows = Lesson.objects.filter(school_id=school_id, course_id__in=course_ids, held_on__gte=first)
    coming = list(rows.select_related("course__group", "course__subject").order_by("held_on", "number", "id"))
    laid_out = {lesson.course_id for lesson in coming if not lesson.is_added}
    slots = _slots(school_id, laid_out)
    moved, gone = [], []
    for lesson in coming:
        slot = next((one for one in slots[_place(lesson)] if one.starts_on <= lesson.held_on < one.until), None)
        if slot is None:
            gone += [] if lesson.is_added else [lesson]
        elif lesson.room_id != slot.room_id:
            lesson.room_id = slot.room_id
            moved.append(lesson)
    used = lessons_with_records(school_id, [lesson.id for lesson in gone])
    unused = [lesson.id for lesson in gone if lesson.id not in used]
    Lesson.objects.filter(school_id=school_id, id__in=unused).delete()
    Lesson.objects.bulk_update(moved, ["room_id"], batch_size=400)
    until = max((slot.until for found in slots.values() for slot in found), default=first)
    added, _problems = lay_out(school_id, first=first, until=until, course_ids=laid_out)
    return Replanned(added, len(moved), len(unused), tuple(lesson for lesson in gone if lesson.id in used))


def follow_timetable(saving: Saving) -> None:
    """Part of an import: coming lessons of the courses whose timetable the files name, from tomorrow on. Says what."""
    if Kind.SLOTS not in saving.data.given:
        return
    courses = {course.id for one in saving.data.slots if (course := saving.courses.find(one.course_id))}
    first = saving.today + ONE_DAY
    done = replan_lessons(saving.school_id, courses, first=first)
    if done.is_empty:
        return
    numbers = {"day": date_format(first, "j E"), "added": done.added, "moved": done.moved, "removed": done.removed}
    saving.report.note(
        _("Уроки на датах с %(day)s: добавлено %(added)s, убрано %(removed)s, в другом кабинете %(moved)s.") % numbers,
        _("Прошедшие уроки и уроки с записями не тронуты."),
    )
    if done.kept:
        told = "; ".join(map(_words, done.kept[:LESSONS_TOLD]))
        saving.report.warning(
            _("Уроков с записями, которых нет в новом расписании: %(n)s. Они остались: %(told)s.")
            % {"n": len(done.kept), "told": told},
            _("Перенесите записи и отмените эти уроки или оставьте как есть."),
            saving.data.slots[0].source,
        )


def _slots(school_id: int, course_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, int, int], list[WeeklySlot]]:
    found: dict[tuple[uuid.UUID, int, int], list[WeeklySlot]] = defaultdict(list)
    for slot in WeeklySlot.objects.filter(school_id=school_id, course_id__in=course_ids).order_by("starts_on", "id"):
        found[slot.course_id, slot.weekday, slot.number].append(slot)
    return found


def _place(lesson: Lesson) -> tuple[uuid.UUID, int, int]:
    return lesson.course_id, lesson.held_on.isoweekday(), lesson.number


def _words(lesson: Lesson) -> str:
    return f"{lesson.course.group.name}, {lesson.course.subject.name}, {date_format(lesson.held_on, 'j E')}"
