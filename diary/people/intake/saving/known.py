"""What the school already has, under the names that people write: so that a file may bring only a part."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

from diary.people.intake.reading.references import names_of
from diary.people.intake.records import Kind, Known
from diary.people.intake.saving.calendar import current_year, year_title
from diary.people.intake.saving.groups import subgroup_title
from diary.people.roster.models import Course, Enrollment, Group, Staff, Student
from diary.people.roster.rules.names import PersonName
from diary.people.schools.models import Bell, BellSchedule, Room, School, SchoolYear, Subject

Names = dict[str, tuple[str, ...]]


def known_of(school: School, today: dt.date) -> Known:
    """Everything a file of this school may point to; eleven statements. Classes are those of the current year."""
    years = list(SchoolYear.objects.filter(school_id=school.id).order_by("starts_on", "id"))
    year = current_year(years, today)
    groups = list(Group.objects.filter(school_id=school.id, year_id=year.id).order_by("name", "id")) if year else []
    classes = {one.id: one for one in groups if one.kind == Group.Kind.CLASS}
    parts = [(one, classes[one.home_class_id]) for one in groups if one.home_class_id in classes]
    students = list(Student.objects.filter(school_id=school.id).order_by("last_name", "first_name", "id"))
    schedules = {one.id: one for one in BellSchedule.objects.filter(school_id=school.id).order_by("id")}
    return Known(
        names={
            Kind.YEARS: _names((name, name) for one in years for name in (one.external_id, year_title(one.name))),
            Kind.SUBJECTS: _names(_catalogue(Subject, school)),
            Kind.ROOMS: _names(_catalogue(Room, school)),
            Kind.STAFF: _names(_people(Staff.objects.filter(school_id=school.id).order_by("last_name", "id"))),
            Kind.STUDENTS: _names(_people(students)),
            Kind.CLASSES: _names(
                (name, one.external_id) for one in classes.values() for name in (one.name, one.external_id)
            ),
            Kind.SUBGROUPS: _names(
                (name, one.external_id) for one, home in parts for name in _subgroup_names(one, home)
            ),
            Kind.COURSES: _names(_courses(school, groups)),
        },
        class_of_student=_class_of_student(school, classes, students, today),
        class_of_subgroup={one.external_id: home.external_id for one, home in parts},
        split_of_subgroup={one.external_id: one.split for one, _home in parts},
        shifts={
            one.external_id: schedules[one.bells_id].shift for one in classes.values() if one.bells_id in schedules
        },
        bells=_bells(school, schedules),
        has_school=True,
    )


def _names(pairs: Iterable[tuple[str, str]]) -> Names:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, external_id in pairs:
        found[name][external_id] = None
    return {name: tuple(ids) for name, ids in found.items()}


def _catalogue(model: type[Subject] | type[Room], school: School) -> Iterable[tuple[str, str]]:
    for one in model.objects.filter(school_id=school.id).order_by("name", "id"):
        for name in (one.name, getattr(one, "short_name", one.name), one.external_id):
            yield name, one.external_id


def _people(rows: Iterable[Staff | Student]) -> Iterable[tuple[str, str]]:
    for one in rows:
        for name in (*names_of(PersonName(one.last_name, one.first_name, one.middle_name)), one.external_id):
            yield name, one.external_id


def _subgroup_names(one: Group, home: Group) -> tuple[str, ...]:
    title = subgroup_title(one.name, home.name)
    return one.name, title, f"{one.split} {title}", one.external_id


def _courses(school: School, groups: list[Group]) -> Iterable[tuple[str, str]]:
    by_id = {one.id: one.external_id for one in groups}
    rows = Course.objects.filter(school_id=school.id, group_id__in=list(by_id)).select_related("subject")
    for one in rows.order_by("external_id", "id"):
        yield f"{by_id[one.group_id]}|{one.subject.external_id}", one.external_id
        yield one.external_id, one.external_id


def _class_of_student(
    school: School, classes: dict[uuid.UUID, Group], students: list[Student], today: dt.date
) -> dict[str, str]:
    by_id = {one.id: one.external_id for one in students}
    rows = Enrollment.objects.filter(school_id=school.id, group_id__in=list(classes)).order_by("starts_on", "id")
    return {
        by_id[one.student_id]: classes[one.group_id].external_id
        for one in rows
        if one.until is None or one.until > today
    }


def _bells(school: School, schedules: dict[uuid.UUID, BellSchedule]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for bell in Bell.objects.filter(school_id=school.id).order_by("number", "id"):
        found[schedules[bell.schedule_id].shift].add(bell.number)
    return {shift: frozenset(numbers) for shift, numbers in found.items()}
