"""Who teaches what: staff, classes and subgroups, courses, form teachers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from demo.cast import ANNA, BORIS, CHUZHOY, CHUZHOY_ADMIN, GLEB, LENA, TIKHON, VERA, ZOYA, Name
from demo.people import invent_adult
from demo.profiles import ClassPlan, SchoolPlan
from demo.subjects_data import (
    BY_CLASS_TEACHER,
    CURRICULUM,
    POSTS,
    PRIMARY_PARALLELS,
    SPLIT_PARALLELS,
    SUBJECTS,
    SubjectSpec,
)
from diary.foundation.access.actor import Role

HALVES = 2
MORE_MEN = frozenset({"pe", "labour", "safe", "phys", "inf"})


@dataclass(slots=True)
class StaffPlan:
    """Someone to be employed. `hours` grows as courses are given out."""

    name: Name
    post: str
    area: str
    roles: tuple[Role, ...]
    hours: int = 0
    login: str = ""


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A class (`half` 0) or a half of it."""

    class_plan: ClassPlan
    split: str = ""
    half: int = 0

    @property
    def name(self) -> str:
        """«7А» or «7А, английский 1»."""
        return f"{self.class_plan.name}, {self.split} {self.half}" if self.half else self.class_plan.name


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """A subject taught to a group; `teacher` is a place in the list of staff."""

    group: GroupPlan
    subject: SubjectSpec
    teacher: int
    hours: int


@dataclass(slots=True)
class Staffing:
    """The result: staff, courses, and by name of class its form teacher."""

    staff: list[StaffPlan]
    courses: list[CoursePlan] = field(default_factory=list)
    form_teachers: dict[str, int] = field(default_factory=dict)

    def groups(self) -> list[GroupPlan]:
        """Every group once: classes first within a class's courses."""
        classes = [GroupPlan(course.group.class_plan) for course in self.courses]
        return list(dict.fromkeys([*classes, *(course.group for course in self.courses)]))


# the cast's teachers by school: (person, area, class they must have, class they must not have)
_CAST = {
    "demo-1": ((ANNA, "math", "7А", ""), (BORIS, "math", "5Б", "7А"), (VERA, "rus", "7А", "")),
    "demo-2": ((CHUZHOY, "math", "", ""),),
}
_OFFICE = {
    "demo-1": (
        (ZOYA, "заместитель директора по УВР", Role.METHODIST),
        (GLEB, "администратор информационной системы", Role.ADMINISTRATOR),
        (TIKHON, "специалист по информационной безопасности", Role.SECURITY),
        (LENA, "специалист поддержки", Role.SUPPORT),
        (None, "директор", Role.METHODIST),
    ),
    "demo-2": ((CHUZHOY_ADMIN, "администратор", Role.ADMINISTRATOR), (None, "директор", Role.METHODIST)),
}


def staff_school(plan: SchoolPlan, random: Random) -> Staffing:
    """Hire and give out courses so that everyone has about the same hours."""
    staffing = Staffing(_hire(plan, random))
    primary = iter([place for place, one in enumerate(staffing.staff) if one.area == "primary"])
    for class_plan in plan.classes:
        is_primary = class_plan.parallel in PRIMARY_PARALLELS
        _staff_class(plan, staffing, class_plan, next(primary) if is_primary else None)
    for class_plan in plan.classes:
        staffing.form_teachers[class_plan.name] = _form_teacher(plan, staffing, class_plan)
    return staffing


def _is_split(plan: SchoolPlan, subject: SubjectSpec, parallel: int) -> bool:
    return plan.has_splits and bool(subject.split) and parallel in SPLIT_PARALLELS[subject.split]


def _by_area(plan: SchoolPlan, class_plan: ClassPlan) -> Iterator[tuple[str, SubjectSpec, int]]:
    """(area, subject, hours) of a class; a class teacher's subjects come under «primary»."""
    for code, hours in CURRICULUM[class_plan.parallel].items():
        subject = SUBJECTS[code]
        is_own = class_plan.parallel in PRIMARY_PARALLELS and code in BY_CLASS_TEACHER
        yield ("primary" if is_own else plan.area(subject.area)), subject, hours


def _hire(plan: SchoolPlan, random: Random) -> list[StaffPlan]:
    hours: dict[str, int] = {}
    for class_plan in plan.classes:
        for area, subject, weekly in _by_area(plan, class_plan):
            halves = HALVES if _is_split(plan, subject, class_plan.parallel) else 1
            hours[area] = hours.get(area, 0) + weekly * halves
    split_areas = {plan.area(one.area) for one in SUBJECTS.values() if plan.has_splits and one.split}
    staff = [
        StaffPlan(name, _post(plan, area), area, (Role.TEACHER,)) for name, area, *_classes in _CAST[plan.external_id]
    ]
    for area, weekly in hours.items():
        wanted = max(math.ceil(weekly / plan.hours_of_teacher), HALVES if area in split_areas else 1)
        if area == "primary":
            wanted = sum(one.parallel in PRIMARY_PARALLELS for one in plan.classes)
        for _place in range(wanted - sum(one.area == area for one in staff)):
            gender = "м" if random.random() < (0.5 if area in MORE_MEN else 0.06) else "ж"
            staff.append(StaffPlan(invent_adult(random, gender), _post(plan, area), area, (Role.TEACHER,)))
    for office_name, post, role in _OFFICE[plan.external_id]:
        staff.append(StaffPlan(office_name or invent_adult(random, "ж"), post, "", (role,)))
    return staff


def _post(plan: SchoolPlan, area: str) -> str:
    together = [one for one, taken_by in plan.areas.items() if taken_by == area]
    others = [POSTS[one].removeprefix("учитель ") for one in together if one in ("geo", "inf", "music", "pe")]
    return " и ".join([POSTS[area], *others])


def _staff_class(plan: SchoolPlan, staffing: Staffing, class_plan: ClassPlan, class_teacher: int | None) -> None:
    tasks: dict[tuple[str, bool], list[tuple[SubjectSpec, int]]] = {}
    for area, subject, hours in _by_area(plan, class_plan):
        tasks.setdefault((area, _is_split(plan, subject, class_plan.parallel)), []).append((subject, hours))
    for (area, is_split), subjects in tasks.items():
        load = sum(hours for _subject, hours in subjects)
        if area == "primary" and class_teacher is not None:
            chosen = [class_teacher]
        else:
            chosen = _choose(plan, staffing, class_plan, area, HALVES if is_split else 1)
        for half, teacher in enumerate(chosen, start=1):
            staffing.staff[teacher].hours += load
            for subject, hours in subjects:
                group = GroupPlan(class_plan, subject.split, half) if is_split else GroupPlan(class_plan)
                staffing.courses.append(CoursePlan(group, subject, teacher, hours))


def _choose(plan: SchoolPlan, staffing: Staffing, class_plan: ClassPlan, area: str, how_many: int) -> list[int]:
    """The teachers of the area with the fewest hours; the cast's own classes come first."""
    cast = _CAST[plan.external_id]
    wanted = [place for place, one in enumerate(cast) if one[1] == area and one[2] == class_plan.name]
    banned = [place for place, one in enumerate(cast) if one[3] == class_plan.name]
    free = [place for place, one in enumerate(staffing.staff) if one.area == area and place not in (*wanted, *banned)]
    return [*wanted, *sorted(free, key=lambda place: staffing.staff[place].hours)][:how_many]


def _form_teacher(plan: SchoolPlan, staffing: Staffing, class_plan: ClassPlan) -> int:
    """Вера leads 7А; elsewhere the teacher with most hours in the class who leads no class yet."""
    names = {one.name: place for place, one in enumerate(staffing.staff)}
    if class_plan.name == "7А" and VERA in names:
        return names[VERA]
    hours: dict[int, int] = {}
    for course in staffing.courses:
        if course.group.class_plan == class_plan and not course.group.half:
            hours[course.teacher] = hours.get(course.teacher, 0) + course.hours
    busy = {*staffing.form_teachers.values(), *(names[one] for one in (ANNA, BORIS, VERA) if one in names)}
    free = [place for place in hours if place not in busy] or [place for place in hours if place not in (0, 1, 2)]
    return max(free, key=lambda place: (hours[place], -place))
