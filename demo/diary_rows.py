"""Writes the weekly slots and the year's lessons with topics, works, homework and ticks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from demo.catalogue import Catalogue
from demo.chance import Chance, Ids
from demo.lessons import LessonPlan
from demo.people import Pupil
from demo.rolls import Rolls, members, since
from demo.school_year import YearCalendar
from demo.staffing import Staffing
from demo.week import Slot
from demo.writing import insert_rows
from diary.schoolwork.gradebook.models import LessonWork
from diary.schoolwork.homework.models import Homework, HomeworkTick
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.timetable.models import Lesson, WeeklySlot

TICKS_SINCE = dt.timedelta(days=7)
TICKED = 0.3
Year = Sequence[Sequence[LessonPlan]]


def write_slots(
    catalogue: Catalogue, rolls: Rolls, staffing: Staffing, slots: Sequence[Slot], calendar: YearCalendar, ids: Ids
) -> None:
    """One row for each study spell between breaks that the grading periods do not show."""

    def rows() -> Iterator[tuple[Any, ...]]:
        for slot in slots:
            parallel = staffing.courses[slot.course].group.class_plan.parallel
            for starts_on, until in calendar.spells(parallel):
                yield (
                    *(catalogue.school.id, ids(), rolls.courses[slot.course].id, slot.hour.weekday, slot.hour.number),
                    *(catalogue.rooms[slot.room].id, starts_on, until),
                )

    names = ("school_id", "id", "course_id", "weekday", "number", "room_id", "starts_on", "until")
    insert_rows(WeeklySlot, names, rows())


def write_lessons(catalogue: Catalogue, rolls: Rolls, staffing: Staffing, year: Year, ids: Ids) -> int:
    """Lessons, topics and kinds of work of the whole year. Returns how many lessons."""
    school = catalogue.school.id
    periods: dict[tuple[int, dt.date], uuid.UUID] = {}

    def lesson_row(lesson: LessonPlan) -> tuple[Any, ...]:
        plan = staffing.courses[lesson.course]
        key = (plan.group.class_plan.parallel, lesson.held_on)
        if key not in periods:
            periods[key] = catalogue.period_of(*key)
        return (
            *(school, lesson.id, rolls.courses[lesson.course].id, periods[key], lesson.held_on, lesson.number),
            *(lesson.starts_at, lesson.ends_at, catalogue.rooms[lesson.room].id, rolls.staff[plan.teacher].id),
            Lesson.State.CANCELLED.value if lesson.is_cancelled else Lesson.State.PLANNED.value,
        )

    names = ("school_id", "id", "course_id", "period_id", "held_on", "number", "starts_at", "ends_at", "room_id")
    lessons = [lesson for course in year for lesson in course]
    count = insert_rows(Lesson, (*names, "teacher_id", "state"), map(lesson_row, lessons))
    insert_rows(
        LessonTopic,
        ("school_id", "id", "lesson_id", "topic", "note", "version"),
        ((school, ids(), lesson.id, lesson.topic, "", 1) for lesson in lessons),
    )
    insert_rows(
        LessonWork,
        ("school_id", "id", "lesson_id", "kind_id"),
        ((school, ids(), lesson.id, catalogue.kinds[lesson.kind].id) for lesson in lessons if lesson.kind),
    )
    return count


def write_homework(
    catalogue: Catalogue,
    rolls: Rolls,
    staffing: Staffing,
    pupils: Sequence[Pupil],
    year: Year,
    ids: Ids,
    chance: Chance,
    moment: dt.datetime,
) -> int:
    """Homework given by now, due at the next lesson; some pupils have ticked this week's. Returns how many tasks."""
    school = catalogue.school.id
    given = [(ids(), lesson, due) for course in year for lesson in course if lesson.homework and (due := _due(lesson))]
    names = ("school_id", "id", "course_id", "given_at_id", "text", "minutes", "version")
    insert_rows(
        Homework,
        names,
        (
            (
                *(school, id_, rolls.courses[lesson.course].id, lesson.id),
                *(lesson.homework, lesson.minutes, 1),
            )
            for id_, lesson, _due_at in given
        ),
    )

    def ticks() -> Iterator[tuple[Any, ...]]:
        random = chance.stream("ticks")
        for id_, lesson, due in given:
            if due.held_on < moment.date() - TICKS_SINCE:
                continue
            for place in members(pupils, staffing.courses[lesson.course].group):
                done_at = lesson.ends + dt.timedelta(minutes=random.randrange(60, 2000))
                is_here = since(pupils[place], lesson.held_on) <= lesson.held_on and pupils[place].left_on is None
                if random.random() < TICKED and done_at <= min(moment, due.starts) and is_here:
                    yield school, ids(), id_, rolls.students[place].id, done_at

    insert_rows(HomeworkTick, ("school_id", "id", "homework_id", "student_id", "done_at"), ticks())
    return len(given)


def _due(lesson: LessonPlan) -> LessonPlan | None:
    """The next lesson that takes place."""
    following = lesson.next
    while following and following.is_cancelled:
        following = following.next
    return following
