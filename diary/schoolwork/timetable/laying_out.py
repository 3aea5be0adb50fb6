"""The weekly pattern becomes lessons on dates: what both the office's deed and a new timetable do."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from diary.people.roster.models import Course, Group
from diary.people.schools.models import Bell, GradingPeriod
from diary.schoolwork.timetable.models import Lesson, WeeklySlot
from diary.schoolwork.timetable.queries import SchoolBells
from diary.schoolwork.timetable.rules import Span, lesson_days

BATCH = 1000

Parallel = tuple[uuid.UUID, int]  # (year, parallel)


def lay_out(
    school_id: int, *, first: dt.date, until: dt.date, course_ids: Collection[uuid.UUID] | None = None
) -> tuple[int, list[str]]:
    """Add the lessons on [first, until) that the slots of these courses (or of all) ask for and that do not stand yet.

    Returns how many were added, and a sentence for every slot that could not become lessons.
    """
    periods = _periods(school_id)
    bells = SchoolBells(school_id)
    standing = set(
        Lesson.objects.filter(school_id=school_id, held_on__gte=first, held_on__lt=until).values_list(
            "course_id", "held_on", "number"
        )
    )
    lessons: list[Lesson] = []
    problems: list[str] = []
    for slot in _slots(school_id, first, until):
        if course_ids is not None and slot.course_id not in course_ids:
            continue
        group = slot.course.group
        own = periods.get((group.year_id, group.parallel), [])
        bell = bells.bell(bells_of(group), slot.weekday, slot.number)
        problem = _why_no_lessons(slot, own, bell)
        if problem or bell is None:
            problems.append(problem)
            continue
        for day in lesson_days(slot.weekday, [(first, until), (slot.starts_on, slot.until)], _spans(own)):
            if (slot.course_id, day, slot.number) not in standing:
                standing.add((slot.course_id, day, slot.number))
                lessons.append(new_lesson(slot.course, _period_on(own, day), day, bell, room_id=slot.room_id))
    Lesson.objects.bulk_create(lessons, batch_size=BATCH, ignore_conflicts=True)
    return len(lessons), problems


def new_lesson(
    course: Course,
    period: GradingPeriod,
    day: dt.date,
    bell: Bell,
    room_id: uuid.UUID | None = None,
    is_added: bool = False,
) -> Lesson:
    """A lesson of the course at that bell, given by who leads it. Not saved."""
    return Lesson(
        school_id=course.school_id,
        course_id=course.id,
        period_id=period.id,
        held_on=day,
        number=bell.number,
        starts_at=bell.starts_at,
        ends_at=bell.ends_at,
        room_id=room_id,
        teacher_id=course.teacher_id,
        is_added=is_added,
    )


def bells_of(group: Group) -> uuid.UUID | None:
    """The bell schedule of a class or of the class of a subgroup."""
    return group.bells_id or (group.home_class.bells_id if group.home_class else None)


def _periods(school_id: int) -> dict[Parallel, list[GradingPeriod]]:
    found: dict[Parallel, list[GradingPeriod]] = {}
    for period in GradingPeriod.objects.filter(school_id=school_id).order_by("starts_on", "id"):
        found.setdefault((period.year_id, period.parallel), []).append(period)
    return found


def _slots(school_id: int, first: dt.date, until: dt.date) -> Iterable[WeeklySlot]:
    return (
        WeeklySlot.objects.filter(school_id=school_id, starts_on__lt=until, until__gt=first)
        .select_related("course__group__home_class", "course__subject")
        .order_by("weekday", "number", "id")
    )


def _why_no_lessons(slot: WeeklySlot, periods: list[GradingPeriod], bell: Bell | None) -> str:
    what = {"group": slot.course.group.name, "subject": slot.course.subject.name, "number": slot.number}
    if not periods:
        return _("%(group)s, %(subject)s: для параллели не заданы учебные периоды. Добавьте их и повторите.") % what
    if bell is None:
        return (
            _("%(group)s, %(subject)s: на %(number)s-й урок нет звонка. Добавьте звонок или переставьте урок.") % what
        )
    return ""


def _spans(periods: Iterable[GradingPeriod]) -> list[Span]:
    return [(period.starts_on, period.ends_until) for period in periods]


def _period_on(periods: Iterable[GradingPeriod], day: dt.date) -> GradingPeriod:
    return next(period for period in periods if period.starts_on <= day < period.ends_until)
