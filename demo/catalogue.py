"""Writes what a school sets for itself: year, periods, subjects, rooms, bells, kinds of work."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from demo.chance import Ids
from demo.lessons import bells_of
from demo.profiles import ClassPlan, SchoolPlan
from demo.school_year import YearCalendar
from demo.subjects_data import CURRICULUM, KINDS, SUBJECTS
from demo.week import RoomPlan
from diary.people.schools.models import Bell, BellSchedule, GradingPeriod, Room, School, SchoolYear, Subject
from diary.schoolwork.gradebook.models import WorkKind

WORKING_DAYS = [1, 2, 3, 4, 5, 6]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The rows that others point at."""

    school: School
    year: SchoolYear
    periods: dict[int, list[GradingPeriod]]
    subjects: dict[str, Subject]
    rooms: list[Room]
    bells: dict[tuple[int, bool], BellSchedule]
    kinds: dict[str, WorkKind]

    def period_of(self, parallel: int, day: dt.date) -> uuid.UUID:
        """The grading period of a day with lessons."""
        return next(one.id for one in self.periods[parallel] if one.starts_on <= day < one.ends_until)

    def bells_for(self, class_plan: ClassPlan) -> BellSchedule:
        """The first grade has shorter lessons."""
        return self.bells[class_plan.shift, class_plan.parallel == 1]


def write_catalogue(
    plan: SchoolPlan, school: School, calendar: YearCalendar, rooms: Sequence[RoomPlan], ids: Ids
) -> Catalogue:
    """Everything but people and lessons."""
    year = SchoolYear.objects.create(
        school=school,
        id=ids(),
        name=calendar.name,
        starts_on=calendar.starts_on,
        ends_until=calendar.starts_on.replace(year=calendar.starts_on.year + 1),
        external_id=f"{plan.external_id}-{calendar.starts_on.year}",
    )
    parallels = sorted({one.parallel for one in plan.classes})
    codes = list(dict.fromkeys(code for parallel in parallels for code in CURRICULUM[parallel]))
    return Catalogue(
        school=school,
        year=year,
        periods={parallel: _write_periods(school, year, calendar, parallel, ids) for parallel in parallels},
        subjects=dict(zip(codes, _write_subjects(school, codes, ids), strict=True)),
        rooms=_write_rooms(school, rooms, ids),
        bells=_write_bells(plan, school, ids),
        kinds=_write_kinds(school, ids),
    )


def _write_periods(
    school: School, year: SchoolYear, calendar: YearCalendar, parallel: int, ids: Ids
) -> list[GradingPeriod]:
    return GradingPeriod.objects.bulk_create(
        GradingPeriod(
            school=school,
            id=ids(),
            year_id=year.id,
            parallel=parallel,
            number=term.number,
            name=term.name,
            starts_on=term.starts_on,
            ends_until=term.ends_until,
            external_id=f"{year.external_id}-{parallel}-{term.number}",
        )
        for term in calendar.terms(parallel)
    )


def _write_subjects(school: School, codes: Sequence[str], ids: Ids) -> list[Subject]:
    return Subject.objects.bulk_create(
        Subject(
            school=school,
            id=ids(),
            name=SUBJECTS[code].name,
            short_name=SUBJECTS[code].short,
            is_markless=SUBJECTS[code].is_markless,
            external_id=code,
        )
        for code in codes
    )


def _write_rooms(school: School, rooms: Sequence[RoomPlan], ids: Ids) -> list[Room]:
    return Room.objects.bulk_create(
        Room(
            school=school, id=ids(), name=room.name, kind=room.kind, capacity=room.capacity, external_id=f"room-{place}"
        )
        for place, room in enumerate(rooms, start=1)
    )


def _write_bells(plan: SchoolPlan, school: School, ids: Ids) -> dict[tuple[int, bool], BellSchedule]:
    wanted = sorted({(one.shift, one.parallel == 1) for one in plan.classes})
    schedules = BellSchedule.objects.bulk_create(
        BellSchedule(
            school=school,
            id=ids(),
            name=f"{shift} смена, 1 класс" if is_first else f"{shift} смена",
            shift=shift,
            weekdays=WORKING_DAYS,
            external_id=f"bells-{shift}{'-first' if is_first else ''}",
        )
        for shift, is_first in wanted
    )
    Bell.objects.bulk_create(
        Bell(school=school, id=ids(), schedule_id=schedule.id, number=number, starts_at=starts_at, ends_at=ends_at)
        for schedule, (shift, is_first) in zip(schedules, wanted, strict=True)
        for number, (starts_at, ends_at) in enumerate(bells_of(shift, is_first_grade=is_first), start=1)
    )
    return dict(zip(wanted, schedules, strict=True))


def _write_kinds(school: School, ids: Ids) -> dict[str, WorkKind]:
    kinds = WorkKind.objects.bulk_create(
        WorkKind(
            school=school,
            id=ids(),
            name=kind.name,
            short_name=kind.short,
            weight=kind.weight,
            position=position,
            external_id=kind.code,
        )
        for position, kind in enumerate(KINDS, start=1)
    )
    return {kind.external_id: kind for kind in kinds}
