"""The list of journals that one may open."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from diary.foundation.access.actor import Actor
from diary.foundation.core.text import name_key
from diary.people.roster.models import Course
from diary.schoolwork.timetable.queries import courses_stood_in

STOOD_IN_SHOWN = dt.timedelta(days=31)  # so long before and after the lesson its journal stands in the list


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A journal in the list."""

    id: uuid.UUID
    subject: str
    group: str
    teacher: str
    school: str
    class_name: str  # the class itself, or the one that a subgroup is of

    @property
    def found_by(self) -> str:
        """What a search looks through: small letters, ё as е."""
        return name_key(f"{self.class_name} {self.group} {self.subject} {self.teacher}")[0]

    def matches(self, words: str) -> bool:
        """Whether each of the words stands somewhere in it."""
        return all(word in self.found_by for word in name_key(words)[0].split())


@dataclass(frozen=True, slots=True)
class ClassJournals:
    """The journals of a class: of all of it, then of its subgroups."""

    school: str
    name: str
    courses: tuple[CourseLine, ...]


def course_list(actor: Actor, today: dt.date) -> list[CourseLine]:
    """Journals that the actor may open, by subject and class; of those where one only stands in at a lesson, the recent
    and coming ones. One statement, and one for each school where the actor teaches.
    """
    standing_in = courses_stood_in(actor, first=today - STOOD_IN_SHOWN, until=today + STOOD_IN_SHOWN)
    visible = Course.objects.visible_to(actor)
    for school_id, course_ids in standing_in.items():
        visible |= Course.objects.filter(school_id=school_id, id__in=course_ids)
    rows = visible.select_related("subject", "group__home_class", "teacher", "school").order_by(
        "school_id", "subject__name", "group__parallel", "group__name", "id"
    )
    return [
        CourseLine(
            id=row.id,
            subject=row.subject.name,
            group=row.group.name,
            teacher=row.teacher.short_name,
            school=row.school.short_name,
            class_name=(row.group.home_class or row.group).name,
        )
        for row in rows
    ]


def by_class(courses: Sequence[CourseLine]) -> list[ClassJournals]:
    """Journals under their classes, school by school: 2А before 10А, the class itself before its subgroups (W8)."""
    classes: dict[tuple[str, str], list[CourseLine]] = {}
    for course in courses:
        classes.setdefault((course.school, course.class_name), []).append(course)
    found = [
        ClassJournals(
            school, name, tuple(sorted(lines, key=lambda line: (line.group != name, line.subject, line.group)))
        )
        for (school, name), lines in classes.items()
    ]
    return sorted(found, key=lambda one: (one.school, class_order(one.name)))


def class_order(name: str) -> tuple[int, str]:
    """Classes in the order of the school: 2А before 10А."""
    digits = "".join(itertools.takewhile(str.isdecimal, name))
    return int(digits or 0), name
