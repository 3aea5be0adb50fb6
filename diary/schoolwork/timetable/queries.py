"""Read models of the timetable: lessons of a student, a class, a teacher; bells of a school."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from diary.foundation.access.actor import Actor, Role
from diary.foundation.core.text import short_name
from diary.people.roster.models import Course, Group
from diary.people.schools.models import Bell, BellSchedule
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import readable_days
from diary.schoolwork.timetable.rules import school_days


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson as a timetable shows it."""

    id: uuid.UUID
    school_id: int
    course_id: uuid.UUID
    held_on: dt.date
    number: int
    starts_at: dt.time
    ends_at: dt.time
    is_cancelled: bool
    subject: str
    group: str
    is_subgroup: bool
    room: str
    teacher: str
    is_replaced: bool

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the usual: cancelled, or taught by somebody else."""
        return self.is_cancelled or self.is_replaced


@dataclass(frozen=True, slots=True)
class LessonDay:
    """A day of a week and its lessons in order."""

    day: dt.date
    lessons: tuple[LessonRow, ...]


# given by somebody who neither leads the course nor taught it on that day
IS_REPLACED = """
(l.teacher_id <> c.teacher_id AND NOT EXISTS (
 SELECT 1 FROM roster_courseteacher ct
 WHERE ct.school_id = %(school)s AND ct.course_id = l.course_id AND ct.staff_id = l.teacher_id
  AND ct.starts_on <= l.held_on AND (ct.until IS NULL OR ct.until > l.held_on)
))
"""
LESSON_COLUMNS = f"""
l.id, l.school_id, l.course_id, l.held_on, l.number, l.starts_at, l.ends_at, l.state, s.name, g.name, g.kind,
coalesce(r.name, ''), t.last_name, t.first_name, t.middle_name, {IS_REPLACED}
"""
LESSON_JOINS = """
JOIN schools_subject s ON s.school_id = c.school_id AND s.id = c.subject_id
JOIN roster_group g ON g.school_id = c.school_id AND g.id = c.group_id
JOIN roster_staff t ON t.school_id = l.school_id AND t.id = l.teacher_id
LEFT JOIN schools_room r ON r.school_id = l.school_id AND r.id = l.room_id
"""
STUDENT_LESSONS = """
roster_enrollment e
JOIN roster_course c ON c.school_id = e.school_id AND c.group_id = e.group_id
JOIN timetable_lesson l ON l.school_id = c.school_id AND l.course_id = c.id
 AND l.held_on >= e.starts_on AND (e.until IS NULL OR l.held_on < e.until)
"""
STUDENT_SQL = f"""
SELECT DISTINCT ON (l.held_on, l.number, s.name, l.id) {LESSON_COLUMNS} FROM {STUDENT_LESSONS} {LESSON_JOINS}
WHERE e.school_id = %(school)s AND e.student_id = %(thing)s AND l.held_on >= %(first)s AND l.held_on < %(until)s
ORDER BY l.held_on, l.number, s.name, l.id
"""  # noqa: S608 (built of the constants above)
GROUP_SQL = f"""
SELECT {LESSON_COLUMNS} FROM roster_course c
JOIN timetable_lesson l ON l.school_id = c.school_id AND l.course_id = c.id {LESSON_JOINS}
WHERE c.school_id = %(school)s AND (g.id = %(thing)s OR g.home_class_id = %(thing)s)
 AND l.held_on >= %(first)s AND l.held_on < %(until)s
ORDER BY l.held_on, l.number, g.name, l.id
"""  # noqa: S608 (built of the constants above)
TEACHER_SQL = f"""
SELECT {LESSON_COLUMNS} FROM timetable_lesson l
JOIN roster_course c ON c.school_id = l.school_id AND c.id = l.course_id {LESSON_JOINS}
WHERE l.school_id = %(school)s AND (
 l.teacher_id = %(thing)s
 OR c.teacher_id = %(thing)s AND (c.teacher_starts_on IS NULL OR c.teacher_starts_on <= l.held_on)
)
 AND l.held_on >= %(first)s AND l.held_on < %(until)s
ORDER BY l.held_on, l.number, g.name, l.id
"""  # noqa: S608 (built of the constants above)


def student_lessons(*, school_id: int, student_id: uuid.UUID, first: dt.date, until: dt.date) -> list[LessonRow]:
    """Lessons in [first, until) of the groups the student belonged to on each lesson's own date. One statement."""
    return _lessons(STUDENT_SQL, school_id, student_id, first, until)


def group_lessons(*, school_id: int, group_id: uuid.UUID, first: dt.date, until: dt.date) -> list[LessonRow]:
    """Lessons in [first, until) of a class and its subgroups. One statement."""
    return _lessons(GROUP_SQL, school_id, group_id, first, until)


def teacher_lessons(*, school_id: int, teacher_id: uuid.UUID, first: dt.date, until: dt.date) -> list[LessonRow]:
    """Lessons in [first, until) that are the teacher's own or given as a substitute. One statement."""
    return _lessons(TEACHER_SQL, school_id, teacher_id, first, until)


def courses_stood_in(actor: Actor, *, first: dt.date, until: dt.date) -> dict[int, set[uuid.UUID]]:
    """By school the courses of which the actor gives a lesson in [first, until). One statement a school."""
    found: dict[int, set[uuid.UUID]] = {}
    for school_id in actor.schools_with(Role.TEACHER):
        lessons = Lesson.objects.filter(
            Q(teacher__user_id=actor.user_id), school_id=school_id, held_on__gte=first, held_on__lt=until
        )
        found[school_id] = set(lessons.values_list("course_id", flat=True).distinct())
    return found


def lessons_with_records(school_id: int, lesson_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the lessons that anything of a higher room hangs on: marks, signs, homework, topics. One statement."""
    used = Q()
    for relation in Lesson._meta.related_objects:
        held = relation.related_model._default_manager.filter(
            school_id=school_id, **{f"{relation.field.name}_id": OuterRef("id")}
        )
        used |= Q(Exists(held))
    if not lesson_ids or not used:
        return set()
    return set(Lesson.objects.filter(used, school_id=school_id, id__in=lesson_ids).values_list("id", flat=True))


def hears_of_course(actor: Actor, school_id: int, course_id: uuid.UUID) -> bool:
    """Whose open pages hear of a course (G2): whoever may open its journal."""
    if Course.objects.visible_to(actor).filter(school_id=school_id, id=course_id).exists():
        return True
    course: Course | None = Course.objects.select_related("teacher").filter(school_id=school_id, id=course_id).first()
    return course is not None and readable_days(actor, course) != ()


def by_day(monday: dt.date, lessons: Sequence[LessonRow]) -> tuple[LessonDay, ...]:
    """Six days from Monday, each with its lessons."""
    return tuple(LessonDay(day, tuple(row for row in lessons if row.held_on == day)) for day in school_days(monday))


def _lessons(sql: str, school_id: int, thing_id: uuid.UUID, first: dt.date, until: dt.date) -> list[LessonRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"school": school_id, "thing": thing_id, "first": first, "until": until})
        return [_lesson_row(row) for row in cursor.fetchall()]


def _lesson_row(row: tuple[Any, ...]) -> LessonRow:
    state, subject, group, kind, room, last, given, middle, is_replaced = row[7:]
    cancelled, teacher = state == Lesson.State.CANCELLED, short_name(last, given, middle)
    values = [*row[:7], cancelled, subject, group, kind == Group.Kind.SUBGROUP, room, teacher, is_replaced]
    return LessonRow(*values)


class SchoolBells:
    """All bells of a school, read in two statements."""

    def __init__(self, school_id: int) -> None:
        self._schedules = list(BellSchedule.objects.filter(school_id=school_id).order_by("shift", "name", "id"))
        bells = Bell.objects.filter(school_id=school_id).order_by("schedule_id", "number")
        self._bells = {(bell.schedule_id, bell.number): bell for bell in bells}

    @property
    def is_empty(self) -> bool:
        """Whether nothing rings in this school yet."""
        return not self._schedules

    def bell(self, schedule_id: uuid.UUID | None, weekday: int, number: int) -> Bell | None:
        """The bell of this lesson number on this weekday (1 = Monday); None when nothing rings then.

        A group is bound to one schedule; on a weekday when that one is silent, the one of the same shift rings.
        """
        own = next((one for one in self._schedules if one.id == schedule_id), None)
        shift = own.shift if own else 1
        ringing = [one for one in self._schedules if not one.weekdays or weekday in one.weekdays]
        candidates = [one for one in ringing if one == own] + [one for one in ringing if one.shift == shift]
        return self._bells.get((candidates[0].id, number)) if candidates else None
