"""Whose week may be shown, and that week."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from diary.desks.week.policies import TIMETABLE_READ
from diary.foundation.access.actor import Actor
from diary.foundation.core import clock
from diary.foundation.core.text import name_key
from diary.people.roster.models import Course, Group, Staff
from diary.schoolwork.timetable.queries import LessonRow, courses_stood_in, group_lessons, teacher_lessons
from diary.schoolwork.timetable.rules import WEEK


@dataclass(frozen=True, slots=True)
class Choice:
    """A class or a teacher whose week can be shown. `is_mine`: the reader."""

    id: uuid.UUID
    school_id: int
    label: str
    school: str
    timezone: str
    is_teacher: bool
    is_mine: bool = False


def class_choices(actor: Actor) -> list[Choice]:
    """Classes of this school year in the schools where the actor works, 1А to 11Г. One statement."""
    groups = Group.objects.visible_to(actor).filter(
        school_id__in=actor.schools_with(*TIMETABLE_READ.roles),
        kind=Group.Kind.CLASS,
        year__starts_on__lte=clock.TodayIn("school__timezone", days=92),  # the coming year is planned in summer
        year__ends_until__gt=clock.TodayIn("school__timezone"),
    )
    ordered = groups.select_related("school").order_by("school_id", "parallel", "letter", "name", "id")
    return [
        Choice(group.id, group.school_id, group.name, group.school.short_name, group.school.timezone, is_teacher=False)
        for group in ordered
    ]


def teacher_choices(actor: Actor) -> list[Choice]:
    """Teachers with a course, in the schools where the actor works, by name. One statement."""
    teaches = Course.objects.filter(school_id=OuterRef("school_id"), teacher_id=OuterRef("id"))
    staff = Staff.objects.visible_to(actor).filter(school_id__in=actor.schools_with(*TIMETABLE_READ.roles))
    return [
        Choice(
            one.id,
            one.school_id,
            one.full_name,
            one.school.short_name,
            one.school.timezone,
            is_teacher=True,
            is_mine=one.user_id == actor.user_id,
        )
        for one in sorted(
            staff.filter(Exists(teaches)).select_related("school"),
            key=lambda one: (one.school_id, name_key(one.full_name)),
        )
    ]


def chosen(
    classes: Sequence[Choice], teachers: Sequence[Choice], *, class_id: uuid.UUID | None, teacher_id: uuid.UUID | None
) -> Choice | None:
    """The class or teacher asked for; otherwise the reader, otherwise the first class."""
    asked = [one for one in teachers if one.id == teacher_id] + [one for one in classes if one.id == class_id]
    own = [one for one in teachers if one.is_mine]
    return next(iter([*asked, *own, *classes]), None)


def week_lessons(choice: Choice, monday: dt.date) -> list[LessonRow]:
    """The lessons of that class or teacher in the week. One statement."""
    span = {"first": monday, "until": monday + WEEK}
    if choice.is_teacher:
        return teacher_lessons(school_id=choice.school_id, teacher_id=choice.id, **span)
    return group_lessons(school_id=choice.school_id, group_id=choice.id, **span)


def journals_of(actor: Actor, lessons: Sequence[LessonRow]) -> set[uuid.UUID]:
    """Courses among these whose journal the actor may open: one's own, and where one stands in. At most two statements
    for a week of one school.
    """
    if not lessons:
        return set()
    courses = Course.objects.visible_to(actor).filter(id__in={row.course_id for row in lessons})
    days = [row.held_on for row in lessons]
    standing_in = courses_stood_in(actor, first=min(days), until=max(days) + dt.timedelta(days=1))
    return set(courses.values_list("id", flat=True)).union(*standing_in.values())
