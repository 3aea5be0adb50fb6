"""The paper diary, alive: six days of one student with lessons, homework, marks and signs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from diary.desks.home.queries.family import Child
from diary.desks.home.queries.reading import fetch
from diary.desks.home.rules import TEST_WEIGHT, minutes_left, plain
from diary.schoolwork.gradebook.jobs import MARK_CHANGED
from diary.schoolwork.homework.queries import student_tasks
from diary.schoolwork.timetable.queries import STUDENT_LESSONS, LessonRow, by_day, student_lessons
from diary.schoolwork.timetable.rules import WEEK, current_week, public_holiday

LOOK_AHEAD = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark as a family sees it. `new_id` is its id while the reader has not seen it: then it glows."""

    value: str
    weight: Decimal | int
    kind: str
    comment: str
    new_id: str | None

    @property
    def is_new(self) -> bool:
        """Whether it glows."""
        return self.new_id is not None


@dataclass(frozen=True, slots=True)
class Task:
    """Homework, with the student's own tick."""

    id: uuid.UUID
    course_id: uuid.UUID
    due_at_id: uuid.UUID | None
    due_on: dt.date
    text: str
    minutes: int
    is_done: bool
    subject: str


@dataclass(frozen=True, slots=True)
class DiaryLesson:
    """One line of the diary. `test` names the kind of work when it is a weighty one."""

    lesson: LessonRow
    tasks: tuple[Task, ...]
    marks: tuple[ShownMark, ...]
    sign: str
    test: str


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """One card of the diary. `tasks` are due that day without a lesson of theirs."""

    day: dt.date
    lessons: tuple[DiaryLesson, ...]
    tasks: tuple[Task, ...]
    is_today: bool
    holiday: str
    is_vacation: bool

    @property
    def new_count(self) -> int:
        """Marks that the reader has not seen yet."""
        return sum(mark.is_new for lesson in self.lessons for mark in lesson.marks)


@dataclass(frozen=True, slots=True)
class ComingTest:
    """The next lesson with a weighty kind of work."""

    lesson_id: uuid.UUID
    held_on: dt.date
    subject: str
    kind: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is coming: the next day with lessons, its homework, the next test."""

    day: dt.date | None
    is_tomorrow: bool
    tasks: tuple[Task, ...]
    test: ComingTest | None

    @property
    def minutes(self) -> int:
        """Minutes of homework that are still to be done."""
        return minutes_left((task.minutes, task.is_done) for task in self.tasks)


@dataclass(frozen=True, slots=True)
class DiaryWeek:
    """The whole page. `back_to_school_on`: first day of the next period when the week has no lessons."""

    monday: dt.date
    is_present: bool
    days: tuple[DiaryDay, ...]
    ahead: Ahead
    back_to_school_on: dt.date | None

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a lesson nor a task in the week."""
        return not any(day.lessons or day.tasks for day in self.days)


AHEAD_SQL = f"""
WITH ahead AS (
 SELECT l.id, l.held_on, l.number, s.name AS subject, k.name AS kind, k.weight
 FROM {STUDENT_LESSONS}
 JOIN schools_subject s ON s.school_id = c.school_id AND s.id = c.subject_id
 LEFT JOIN gradebook_lessonwork w ON w.school_id = l.school_id AND w.lesson_id = l.id
 LEFT JOIN gradebook_workkind k ON k.school_id = w.school_id AND k.id = w.kind_id
 WHERE e.school_id = %(school)s AND e.student_id = %(student)s AND l.state <> 'cancelled'
  AND l.held_on > %(today)s AND l.held_on < %(until)s
)
(SELECT held_on, NULL::uuid, '', '' FROM ahead ORDER BY held_on LIMIT 1)
UNION ALL
(SELECT held_on, id, subject, kind FROM ahead WHERE weight >= %(weight)s ORDER BY held_on, number, id LIMIT 1)
"""  # noqa: S608 (built of constants)
MARKS_SQL = """
SELECT m.lesson_id, m.value, m.weight, k.name, m.comment, (
 SELECT n.about_id::text FROM notifications_notification n
 WHERE n.school_id = m.school_id AND n.user_id = %(user)s AND n.about_id = m.id AND n.kind = %(kind)s
  AND n.seen_at IS NULL LIMIT 1
)
FROM gradebook_mark m JOIN gradebook_workkind k ON k.school_id = m.school_id AND k.id = m.kind_id
WHERE m.school_id = %(school)s AND m.student_id = %(student)s AND m.value <> ''
 AND m.held_on >= %(first)s AND m.held_on < %(until)s
ORDER BY m.held_on, m.lesson_id, m.place
"""
NOTES_SQL = """
SELECT l.id, coalesce(a.sign, ''), CASE WHEN k.weight >= %(weight)s THEN k.name ELSE '' END
FROM timetable_lesson l
LEFT JOIN attendance_attendancesign a
 ON a.school_id = l.school_id AND a.lesson_id = l.id AND a.student_id = %(student)s
LEFT JOIN gradebook_lessonwork w ON w.school_id = l.school_id AND w.lesson_id = l.id
LEFT JOIN gradebook_workkind k ON k.school_id = w.school_id AND k.id = w.kind_id
WHERE l.school_id = %(school)s AND l.id = ANY(%(lessons)s)
"""


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """All that a week is made of, as it was read."""

    child: Child
    monday: dt.date
    is_present: bool
    lessons: tuple[LessonRow, ...]
    next_day: dt.date | None
    test: ComingTest | None
    tasks: tuple[Task, ...]
    marks: tuple[tuple[Any, ...], ...]
    notes: tuple[tuple[Any, ...], ...]


def week_facts(child: Child, *, reader_id: int | None, monday: dt.date) -> WeekFacts:
    """What the week of a student from that Monday is made of. Five statements, however many lessons there are."""
    span: dict[str, Any] = {"school": child.school_id, "student": child.id, "first": monday, "until": monday + WEEK}
    lessons = student_lessons(school_id=child.school_id, student_id=child.id, first=monday, until=monday + WEEK)
    next_day, test = _coming(child)
    about = {"lessons": [row.id for row in lessons], "weight": TEST_WEIGHT}
    return WeekFacts(
        child=child,
        monday=monday,
        is_present=monday == current_week(child.today),
        lessons=tuple(lessons),
        next_day=next_day,
        test=test,
        tasks=tuple(
            Task(*row)
            for row in student_tasks(
                school_id=child.school_id, student_id=child.id, first=monday, until=monday + WEEK, also_on=next_day
            )
        ),
        marks=tuple(fetch(MARKS_SQL, **span, user=reader_id, kind=MARK_CHANGED)),
        notes=tuple(fetch(NOTES_SQL, school=child.school_id, student=child.id, **about)),
    )


def diary_week(facts: WeekFacts) -> DiaryWeek:
    """The week of these facts."""
    child, monday, rows = facts.child, facts.monday, facts.lessons
    week_tasks, loose = _placed(rows, [task for task in facts.tasks if monday <= task.due_on < monday + WEEK])
    marks = _marks(facts.marks)
    notes = {lesson_id: (sign, test) for lesson_id, sign, test in facts.notes}
    lessons = {
        row.id: DiaryLesson(row, tuple(week_tasks[row.id]), tuple(marks[row.id]), *notes.get(row.id, ("", "")))
        for row in rows
    }
    days = tuple(
        DiaryDay(
            day=each.day,
            lessons=tuple(lessons[row.id] for row in each.lessons),
            tasks=tuple(task for task in loose if task.due_on == each.day),
            is_today=each.day == child.today,
            holiday=public_holiday(each.day),
            is_vacation=bool(child.periods)
            and not any(one.starts_on <= each.day < one.ends_until for one in child.periods),
        )
        for each in by_day(monday, rows)
    )
    return DiaryWeek(
        monday=monday,
        is_present=facts.is_present,
        days=days,
        ahead=Ahead(
            day=facts.next_day,
            is_tomorrow=facts.next_day == child.today + dt.timedelta(days=1),
            tasks=tuple(task for task in facts.tasks if task.due_on == facts.next_day),
            test=facts.test,
        ),
        back_to_school_on=next((one.starts_on for one in child.periods if one.starts_on > monday), None),
    )


def _coming(child: Child) -> tuple[dt.date | None, ComingTest | None]:
    """The next day with lessons, and the next test."""
    rows = fetch(
        AHEAD_SQL,
        school=child.school_id,
        student=child.id,
        today=child.today,
        until=child.today + LOOK_AHEAD,
        weight=TEST_WEIGHT,
    )
    day = next((held_on for held_on, lesson_id, _subject, _kind in rows if lesson_id is None), None)
    tests = (ComingTest(lesson_id, held_on, *words) for held_on, lesson_id, *words in rows if lesson_id is not None)
    return day, next(tests, None)


def _placed(rows: Sequence[LessonRow], tasks: Iterable[Task]) -> tuple[dict[uuid.UUID, list[Task]], list[Task]]:
    """Tasks by the lesson they are due at, and those whose day has no lesson of their course."""
    known = {row.id for row in rows}
    by_course = {(row.course_id, row.held_on): row.id for row in reversed(rows)}
    placed: dict[uuid.UUID, list[Task]] = defaultdict(list)
    loose: list[Task] = []
    for task in tasks:
        lesson_id = task.due_at_id if task.due_at_id in known else by_course.get((task.course_id, task.due_on))
        if lesson_id is None:
            loose.append(task)
        else:
            placed[lesson_id].append(task)
    return placed, loose


def _marks(rows: Iterable[tuple[Any, ...]]) -> dict[uuid.UUID, list[ShownMark]]:
    found: dict[uuid.UUID, list[ShownMark]] = defaultdict(list)
    for lesson_id, value, weight, *words in rows:
        found[lesson_id].append(ShownMark(value, plain(weight), *words))
    return found
