"""The week laid out over the year: every lesson with its date, hour, room, topic, work and homework."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from demo.chance import Chance, Ids
from demo.profiles import ClassPlan
from demo.school_year import YearCalendar
from demo.staffing import CoursePlan
from demo.week import Slot
from demo.work_plan import plan_homework, plan_topics, plan_works

BELLS: dict[int, tuple[str, ...]] = {
    1: ("08:00", "08:50", "09:50", "10:40", "11:30", "12:20", "13:10"),
    2: ("14:00", "14:50", "15:50", "16:40", "17:30", "18:20"),
}
LESSON_MINUTES, FIRST_GRADE_MINUTES = 40, 35
CANCELLED = 0.003
KNOWN_AHEAD = dt.timedelta(days=4)  # how early a school tells that a lesson is cancelled


@dataclass(slots=True)
class LessonPlan:
    """A lesson to be written. `course`, `room` are places in lists; `homework` is empty when none was given."""

    id: uuid.UUID
    course: int
    held_on: dt.date
    number: int
    starts_at: dt.time
    ends_at: dt.time
    starts: dt.datetime
    ends: dt.datetime
    room: int
    topic: str
    kind: str
    homework: str
    minutes: int
    is_over: bool
    is_cancelled: bool
    next: LessonPlan | None = None


def bells_of(shift: int, *, is_first_grade: bool) -> list[tuple[dt.time, dt.time]]:
    """Start and end of lessons 1, 2, 3…"""
    length = dt.timedelta(minutes=FIRST_GRADE_MINUTES if is_first_grade else LESSON_MINUTES)
    starts = [dt.time.fromisoformat(start) for start in BELLS[shift]]
    return [(start, (dt.datetime.combine(dt.date.min, start) + length).time()) for start in starts]


def lay_out_year(
    courses: Sequence[CoursePlan],
    slots: Sequence[Slot],
    calendar: YearCalendar,
    timezone: str,
    moment: dt.datetime,
    chance: Chance,
) -> list[list[LessonPlan]]:
    """Lessons of every course in order. What was given and done is there only as far as `moment`."""
    by_course: dict[int, list[Slot]] = {}
    for slot in slots:
        by_course.setdefault(slot.course, []).append(slot)
    days = _days_of_classes(courses, calendar)
    busy_days: dict[str, set[dt.date]] = {name: set() for name in days}
    first_halves: dict[tuple[str, str], int] = {}
    ids = Ids(chance, calendar.starts_on)
    year: list[list[LessonPlan]] = []
    zone = ZoneInfo(timezone)
    for place, course in enumerate(courses):
        name = course.group.class_plan.name
        # halves of a class write their works on the same days
        twin = first_halves.setdefault((name, course.subject.code), place)
        hours = _hours_on_dates(by_course[place], days[name])
        lessons = [_lesson(place, course.group.class_plan, day, slot, zone, moment, ids) for day, slot in hours]
        if twin == place:
            _plan(course, lessons, busy_days[name], chance)
        else:
            _copy_plan(lessons, year[twin])
        _cancel(lessons, moment, chance)
        year.append(lessons)
    return year


def _days_of_classes(courses: Sequence[CoursePlan], calendar: YearCalendar) -> Mapping[str, list[dt.date]]:
    classes = dict.fromkeys(course.group.class_plan for course in courses)
    return {one.name: list(calendar.school_days(one.parallel, one.days)) for one in classes}


def _hours_on_dates(slots: Sequence[Slot], days: Sequence[dt.date]) -> list[tuple[dt.date, Slot]]:
    by_weekday: dict[int, list[Slot]] = {}
    for slot in sorted(slots, key=lambda one: (one.hour.weekday, one.hour.number)):
        by_weekday.setdefault(slot.hour.weekday, []).append(slot)
    return [(day, slot) for day in days for slot in by_weekday.get(day.isoweekday(), ())]


def _lesson(
    course: int, class_plan: ClassPlan, day: dt.date, slot: Slot, zone: ZoneInfo, moment: dt.datetime, ids: Ids
) -> LessonPlan:
    bells = bells_of(slot.hour.shift, is_first_grade=class_plan.parallel == 1)
    starts_at, ends_at = bells[slot.hour.number - 1]
    ends = dt.datetime.combine(day, ends_at, tzinfo=zone).astimezone(dt.UTC)
    return LessonPlan(
        id=ids(),
        course=course,
        held_on=day,
        number=slot.hour.number,
        starts_at=starts_at,
        ends_at=ends_at,
        starts=dt.datetime.combine(day, starts_at, tzinfo=zone).astimezone(dt.UTC),
        ends=ends,
        room=slot.room,
        topic="",
        kind="",
        homework="",
        minutes=0,
        is_over=ends <= moment,
        is_cancelled=False,
    )


def _plan(course: CoursePlan, lessons: list[LessonPlan], busy_days: set[dt.date], chance: Chance) -> None:
    subject, class_plan = course.subject, course.group.class_plan
    random = chance.stream("plan", class_plan.name, subject.code)
    places = [(lesson.held_on, lesson.number) for lesson in lessons]
    works = plan_works(subject, class_plan.parallel, places, course.hours, busy_days, random)
    topics = plan_topics(subject, class_plan.parallel, len(lessons), works)
    tasks = plan_homework(subject, class_plan.parallel, len(lessons), works, random)
    for place, lesson in enumerate(lessons):
        lesson.topic, lesson.kind = topics[place], works.get(place, "")
        lesson.homework, lesson.minutes = tasks[place]
        lesson.next = lessons[place + 1] if place + 1 < len(lessons) else None


def _copy_plan(lessons: list[LessonPlan], twins: list[LessonPlan]) -> None:
    for place, (lesson, twin) in enumerate(zip(lessons, twins, strict=True)):
        lesson.topic, lesson.kind = twin.topic, twin.kind
        lesson.homework, lesson.minutes = twin.homework, twin.minutes
        lesson.next = lessons[place + 1] if place + 1 < len(lessons) else None


def _cancel(lessons: list[LessonPlan], moment: dt.datetime, chance: Chance) -> None:
    """Now and then an ordinary lesson is cancelled; the future keeps its secrets."""
    random = chance.stream("cancel", lessons[0].course)
    for lesson in lessons:
        is_drawn = random.random() < CANCELLED and not lesson.kind
        if is_drawn and lesson.starts <= moment + KNOWN_AHEAD:
            lesson.is_cancelled = True
        if lesson.is_cancelled or not lesson.is_over:
            lesson.homework = ""
