"""Marks of a student in a grading period, by subject, with the sum behind every average (M3, M14, M16)."""

from __future__ import annotations

import datetime as dt
import functools
import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from diary.desks.home.queries.family import Child, Period
from diary.desks.home.queries.reading import fetch
from diary.desks.home.queries.week import ShownMark
from diary.desks.home.rules import AverageSum, average_sum, plain, running_sums, trend
from diary.foundation.core.text import name_key
from diary.schoolwork.gradebook.jobs import MARK_CHANGED
from diary.schoolwork.gradebook.rules import POINT, Weighted, half_up, proposed_final


@dataclass(frozen=True, slots=True)
class PeriodMark:
    """A mark of the period, with its day and lesson."""

    mark: ShownMark
    weight: Decimal
    held_on: dt.date
    lesson_id: str


@dataclass(frozen=True, slots=True)
class PeriodSign:
    """An attendance sign of the period, with its day and lesson."""

    sign: str
    held_on: dt.date
    lesson_id: str


@dataclass(frozen=True, slots=True)
class DayCell:
    """What stands in the table on one day."""

    day: dt.date
    marks: tuple[PeriodMark, ...]
    signs: tuple[PeriodSign, ...]


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    """One line of the table. `course` is the average after each mark, for the small line."""

    subject: str
    marks: tuple[PeriodMark, ...]
    signs: tuple[PeriodSign, ...]
    average: Decimal | None
    proposed: str
    course: tuple[float, ...]
    trend: str
    sum: AverageSum | None

    @property
    def lowest(self) -> float:
        """The foot of the picture of the course: a whole mark high, wider when the average moved more."""
        return (max(self.course) + min(self.course)) / 2 - self._half

    @property
    def highest(self) -> float:
        """The top of that picture."""
        return (max(self.course) + min(self.course)) / 2 + self._half

    @property
    def _half(self) -> float:
        return max(1.0, max(self.course) - min(self.course)) / 2

    def by_day(self, dates: Sequence[dt.date]) -> list[DayCell]:
        """Marks and attendance signs of each of these days."""
        marks: dict[dt.date, list[PeriodMark]] = defaultdict(list)
        signs: dict[dt.date, list[PeriodSign]] = defaultdict(list)
        for mark in self.marks:
            marks[mark.held_on].append(mark)
        for sign in self.signs:
            signs[sign.held_on].append(sign)
        return [DayCell(day, tuple(marks.get(day, ())), tuple(signs.get(day, ()))) for day in dates]


@dataclass(frozen=True, slots=True)
class PeriodMarks:
    """The whole table: subjects down, dates across."""

    dates: tuple[dt.date, ...]
    subjects: tuple[SubjectMarks, ...]


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """All that the table of a period is made of, as the database wrote it.

    `marks` is one line for each mark, oldest first; `names` are («course», id, subject), («kind», id, name) and
    («new», id of a mark the reader has not seen, «») and («sign», «day course lesson», attendance sign). `begins_on` is
    set while the period is still ahead.
    """

    student_id: uuid.UUID
    period: str
    begins_on: dt.date | None
    marks: str
    names: tuple[tuple[str, str, str], ...]


# One text and no joins: with their subjects and kinds beside them 288 rows took four times as long. Ids of lessons grow
# with their time, so that two lessons of a day stand in their order.
MARKS_SQL = """
SELECT coalesce(string_agg(
 held_on || '|' || lesson_id || '|' || course_id || '|' || kind_id || '|' || id || '|' || weight || '|' || value || '|'
 || CASE comment WHEN '' THEN '' ELSE to_json(comment)::text END,
 E'\n' ORDER BY held_on, lesson_id, place
), '')
FROM gradebook_mark
WHERE school_id = %(school)s AND student_id = %(student)s AND value <> ''
 AND held_on >= %(first)s AND held_on < %(until)s
"""
# Courses that have these marks, and those that are taught with marks to the student's groups in the period.
NAMES_SQL = """
SELECT 'course', c.id::text, s.name
FROM roster_course c JOIN schools_subject s ON s.school_id = c.school_id AND s.id = c.subject_id
WHERE c.school_id = %(school)s AND c.id IN (
 SELECT unnest(%(courses)s::uuid[])
 UNION SELECT o.id
 FROM roster_enrollment e JOIN roster_course o ON o.school_id = e.school_id AND o.group_id = e.group_id
 JOIN schools_subject t ON t.school_id = o.school_id AND t.id = o.subject_id
 WHERE e.school_id = %(school)s AND e.student_id = %(student)s AND o.year_id = %(year)s AND NOT t.is_markless
  AND e.starts_on < %(until)s AND (e.until IS NULL OR e.until > %(first)s)
)
UNION ALL
SELECT 'kind', k.id::text, k.name FROM gradebook_workkind k WHERE k.school_id = %(school)s
UNION ALL
SELECT 'new', n.about_id::text, '' FROM notifications_notification n
WHERE n.school_id = %(school)s AND n.user_id = %(user)s AND n.kind = %(kind)s AND n.seen_at IS NULL
UNION ALL
SELECT 'sign', l.held_on || ' ' || l.course_id || ' ' || l.id, a.sign
FROM attendance_attendancesign a JOIN timetable_lesson l ON l.school_id = a.school_id AND l.id = a.lesson_id
WHERE a.school_id = %(school)s AND a.student_id = %(student)s AND a.sign <> ''
 AND l.held_on >= %(first)s AND l.held_on < %(until)s
ORDER BY 1, 2
"""


def period_facts(child: Child, period: Period, *, reader_id: int | None) -> PeriodFacts:
    """What the table of the child's marks at lessons of the period is made of, whatever class they were set in.

    Two statements, the heavy one on the index of the student's marks.
    """
    given: dict[str, Any] = {
        "school": child.school_id,
        "student": child.id,
        "first": period.starts_on,
        "until": period.ends_until,
    }
    ((marks,),) = fetch(MARKS_SQL, **given)
    courses = list({line.split("|", 3)[2] for line in _lines(marks)})
    names = fetch(NAMES_SQL, **given, courses=courses, year=child.year_id, user=reader_id, kind=MARK_CHANGED)
    begins_on = period.starts_on if period.starts_on > child.today else None
    return PeriodFacts(child.id, period.name, begins_on, marks, tuple(names))


def chosen_period(child: Child, wanted: uuid.UUID | None) -> Period | None:
    """The wanted period, else the one of today, else the last that has begun, else the first; none without a class."""
    asked = [period for period in child.periods if period.id == wanted]
    begun = [period for period in child.periods if period.starts_on <= child.today]
    return next(iter([*asked, *reversed(begun), *child.periods]), None)


def period_marks(facts: PeriodFacts) -> PeriodMarks:
    """The table of these facts: marks by subject, with averages."""
    named: dict[str, dict[str, str]] = {"course": {}, "kind": {}, "new": {}, "sign": {}}
    for sort, thing_id, name in facts.names:
        named[sort][thing_id] = name
    by_subject: dict[str, list[PeriodMark]] = {subject: [] for subject in named["course"].values()}
    signs: dict[str, list[PeriodSign]] = defaultdict(list)
    for place, sign in named["sign"].items():
        day, course, lesson = place.split(" ")
        if course in named["course"]:
            signs[named["course"][course]].append(PeriodSign(sign, _day(day), lesson))
    for line in _lines(facts.marks):
        held_on, lesson, course, kind, mark_id, weight, value, comment = line.split("|", 7)
        new_id = mark_id if mark_id in named["new"] else None
        words = json.loads(comment) if comment else ""
        shown = ShownMark(value, _plain(weight), named["kind"][kind], words, new_id)
        by_subject[named["course"][course]].append(PeriodMark(shown, _weight(weight), _day(held_on), lesson))
    days = {mark.held_on for marks in by_subject.values() for mark in marks}
    days |= {sign.held_on for found in signs.values() for sign in found}
    return PeriodMarks(
        dates=tuple(sorted(days)),
        subjects=tuple(
            _subject_marks(name, by_subject[name], signs.get(name, ())) for name in sorted(by_subject, key=name_key)
        ),
    )


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


# a period has some seventy days and five weights
_day = functools.lru_cache(1000)(dt.date.fromisoformat)
_weight = functools.lru_cache(100)(Decimal)


@functools.lru_cache(100)
def _plain(weight: str) -> Decimal | int:
    return plain(Decimal(weight))


def _subject_marks(subject: str, marks: Sequence[PeriodMark], signs: Sequence[PeriodSign]) -> SubjectMarks:
    weighted = [Weighted(mark.mark.value, mark.weight) for mark in marks]
    sums = running_sums(one for one in weighted if one.value != POINT)
    average = sums[-1].average if sums else None
    return SubjectMarks(
        subject=subject,
        marks=tuple(marks),
        signs=tuple(signs),
        average=None if average is None else half_up(average),
        proposed=proposed_final(average),
        course=tuple(float(one.total / one.weights) for one in sums),
        trend=trend(sums),
        sum=average_sum(weighted),
    )
