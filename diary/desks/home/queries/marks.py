"""Marks of a student in a grading period, by subject, with the sum behind every average (M3, M14, M16)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from diary.desks.home.queries.family import Child, child_periods
from diary.desks.home.queries.reading import fetch
from diary.desks.home.queries.week import ShownMark
from diary.desks.home.rules import AverageSum, average_sum, plain, running_averages, trend
from diary.foundation.core.text import name_key
from diary.people.roster.models import Course, Enrollment
from diary.people.schools.models import GradingPeriod
from diary.schoolwork.gradebook.jobs import MARK_CHANGED
from diary.schoolwork.gradebook.rules import POINT, Weighted, proposed_final, shown_average


@dataclass(frozen=True, slots=True)
class PeriodMark:
    """A mark of the period, with its day and lesson."""

    mark: ShownMark
    weight: Decimal
    held_on: dt.date
    lesson_id: uuid.UUID
    subject: str


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    """One line of the table. `course` is the average after each mark, for the small line."""

    subject: str
    marks: tuple[PeriodMark, ...]
    average: str
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

    def on(self, day: dt.date) -> list[PeriodMark]:
        """Marks of that day."""
        return [mark for mark in self.marks if mark.held_on == day]


@dataclass(frozen=True, slots=True)
class PeriodMarks:
    """The whole page: subjects down, dates across. `period` is None for a student without a class."""

    period: GradingPeriod | None
    periods: tuple[GradingPeriod, ...]
    dates: tuple[dt.date, ...]
    subjects: tuple[SubjectMarks, ...]


PUPIL_SQL = """
SELECT m.held_on, m.lesson_id, s.name, m.weight, m.id, m.value, k.name, m.comment, EXISTS (
 SELECT 1 FROM notifications_notification n
 WHERE n.school_id = m.school_id AND n.user_id = %(user)s AND n.about_id = m.id AND n.kind = %(kind)s
  AND n.seen_at IS NULL
)
FROM gradebook_mark m
JOIN gradebook_workkind k ON k.school_id = m.school_id AND k.id = m.kind_id
JOIN roster_course c ON c.school_id = m.school_id AND c.id = m.course_id
JOIN schools_subject s ON s.school_id = c.school_id AND s.id = c.subject_id
JOIN timetable_lesson l ON l.school_id = m.school_id AND l.id = m.lesson_id
WHERE m.school_id = %(school)s AND m.student_id = %(student)s AND m.value <> ''
 AND m.held_on >= %(first)s AND m.held_on < %(until)s
ORDER BY m.held_on, l.number, m.lesson_id, m.place
"""


def pupil_period_marks(
    *, school_id: int, student_id: uuid.UUID, reader_id: int | None, first: dt.date, until: dt.date
) -> list[PeriodMark]:
    """All marks of a student at lessons in [first, until), oldest first, whatever class they were set in.

    One statement on the index of the student's marks.
    """
    rows = fetch(
        PUPIL_SQL,
        school=school_id,
        student=student_id,
        user=reader_id,
        kind=MARK_CHANGED,
        first=first,
        until=until,
    )
    return [
        PeriodMark(ShownMark(mark_id, value, plain(weight), *words), weight, held_on, lesson_id, subject)
        for held_on, lesson_id, subject, weight, mark_id, value, *words in rows
    ]


def period_marks(child: Child, *, reader_id: int | None, period_id: uuid.UUID | None) -> PeriodMarks:
    """Marks of the chosen period of the child's class; of the present one when none of them is chosen.

    At most three statements.
    """
    periods = child_periods(child)
    period = _chosen(periods, period_id, child.today)
    if period is None:
        return PeriodMarks(None, (), (), ())
    marks = pupil_period_marks(
        school_id=child.school_id,
        student_id=child.id,
        reader_id=reader_id,
        first=period.starts_on,
        until=period.ends_until,
    )
    by_subject: dict[str, list[PeriodMark]] = defaultdict(list, {name: [] for name in _subjects(child, period)})
    for mark in marks:
        by_subject[mark.subject].append(mark)
    return PeriodMarks(
        period=period,
        periods=tuple(periods),
        dates=tuple(sorted({mark.held_on for mark in marks})),
        subjects=tuple(_subject_marks(name, by_subject[name]) for name in sorted(by_subject, key=name_key)),
    )


def _chosen(periods: Sequence[GradingPeriod], wanted: uuid.UUID | None, today: dt.date) -> GradingPeriod | None:
    """The wanted period, else the one of today, else the last that has begun, else the first."""
    asked = [period for period in periods if period.id == wanted]
    begun = [period for period in periods if period.starts_on <= today]
    return next(iter([*asked, *reversed(begun), *periods]), None)


def _subjects(child: Child, period: GradingPeriod) -> set[str]:
    """Subjects that are taught with marks to the student's groups in the period."""
    groups = Enrollment.objects.filter(school_id=child.school_id, student_id=child.id)
    own = groups.overlapping(period.starts_on, period.ends_until).values("group_id")
    courses = Course.objects.filter(school_id=child.school_id, year_id=period.year_id, group_id__in=own)
    return set(courses.filter(subject__is_markless=False).values_list("subject__name", flat=True))


def _subject_marks(subject: str, marks: Sequence[PeriodMark]) -> SubjectMarks:
    weighted = [Weighted(mark.mark.value, mark.weight) for mark in marks]
    course = running_averages([one for one in weighted if one.value != POINT])
    average = course[-1] if course else None
    return SubjectMarks(
        subject=subject,
        marks=tuple(marks),
        average=shown_average(average),
        proposed=proposed_final(average),
        course=tuple(float(value) for value in course),
        trend=trend(course),
        sum=average_sum(weighted),
    )
