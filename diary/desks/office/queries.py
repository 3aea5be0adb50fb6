"""What the office's pages show: numbers and classes of a school, its people, one class."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Count, Q

from diary.foundation.access.actor import Actor
from diary.foundation.core import clock
from diary.foundation.core.text import full_name, name_key
from diary.foundation.jobs.models import Task
from diary.people.intake.saving.calendar import current_year
from diary.people.roster.models import Enrollment, Group, Guardian
from diary.people.schools.models import School, SchoolYear
from diary.schoolwork.timetable.models import Lesson, WeeklySlot

PAGE_SIZE = 50
PEOPLE_KINDS = ("student", "staff", "guardian")

_NUMBERS_SQL = """
SELECT (SELECT count(DISTINCT e.student_id) FROM roster_enrollment e
        JOIN roster_group g ON g.school_id = e.school_id AND g.id = e.group_id
        WHERE e.school_id = %(school)s AND g.kind = 'class' AND e.starts_on <= %(today)s
          AND (e.until IS NULL OR e.until > %(today)s)),
       (SELECT count(*) FROM roster_staff WHERE school_id = %(school)s),
       (SELECT count(DISTINCT user_id) FROM roster_guardian
        WHERE school_id = %(school)s AND rights <> 'none' AND (until IS NULL OR until > %(today)s)),
       (SELECT count(*) FROM roster_course WHERE school_id = %(school)s)
"""
_NAME = "replace(lower(concat_ws(' ', p.last_name, p.first_name, p.middle_name, u.login)), 'ё', 'е')"
_PEOPLE_SQL = f"""
WITH people AS (
    SELECT 'student' AS kind, id, user_id, last_name, first_name, middle_name, '' AS post
    FROM roster_student WHERE school_id = %(school)s
    UNION ALL
    SELECT 'staff', id, user_id, last_name, first_name, middle_name, post
    FROM roster_staff WHERE school_id = %(school)s
    UNION ALL
    SELECT 'guardian', NULL, u.id, u.last_name, u.first_name, u.middle_name, ''
    FROM accounts_user u
    WHERE u.id IN (SELECT user_id FROM roster_guardian WHERE school_id = %(school)s)
), chosen AS (
    SELECT p.*, u.login, u.is_active, u.password LIKE %(unusable)s AS is_new, count(*) OVER () AS found
    FROM people p LEFT JOIN accounts_user u ON u.id = p.user_id
    WHERE (%(kind)s = '' OR p.kind = %(kind)s) AND {_NAME} LIKE ALL (%(words)s::text[])
    ORDER BY replace(lower(p.last_name), 'ё', 'е'), replace(lower(p.first_name), 'ё', 'е'), lower(p.middle_name),
             p.kind, p.user_id, p.id
    LIMIT %(limit)s OFFSET %(offset)s
)
SELECT c.kind, c.last_name, c.first_name, c.middle_name, c.post, c.login, c.is_active, c.is_new, c.found,
    (SELECT array_agg(g.id::text || ' ' || g.name ORDER BY g.name) FROM roster_enrollment e
     JOIN roster_group g ON g.school_id = e.school_id AND g.id = e.group_id
     WHERE e.school_id = %(school)s AND e.student_id = c.id AND g.kind = 'class' AND c.kind = 'student'
       AND e.starts_on <= %(today)s AND (e.until IS NULL OR e.until > %(today)s)),
    (SELECT array_agg(s.last_name || ' ' || s.first_name ORDER BY s.last_name, s.first_name) FROM roster_guardian l
     JOIN roster_student s ON s.school_id = l.school_id AND s.id = l.student_id
     WHERE l.school_id = %(school)s AND c.kind = 'guardian' AND l.user_id = c.user_id AND l.rights <> 'none'
       AND (l.until IS NULL OR l.until > %(today)s))
FROM chosen c
ORDER BY replace(lower(c.last_name), 'ё', 'е'), replace(lower(c.first_name), 'ё', 'е'), lower(c.middle_name),
         c.kind, c.user_id, c.id
"""  # noqa: S608 (built of the constants above)


@dataclass(frozen=True, slots=True)
class SchoolNumbers:
    """How many there are today."""

    students: int
    staff: int
    guardians: int
    courses: int


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in the overview."""

    id: uuid.UUID
    name: str
    form_teacher: str
    size: int


@dataclass(frozen=True, slots=True)
class Parallel:
    """Classes of one parallel."""

    number: int
    classes: tuple[ClassLine, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person of the school; `is_new` means that the account has no password yet."""

    kind: str
    name: str
    post: str
    login: str
    is_active: bool
    is_new: bool
    classes: tuple[tuple[str, str], ...]
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the list, and how many were found."""

    lines: tuple[PersonLine, ...]
    found: int
    number: int

    @property
    def last(self) -> int:
        return max(1, -(-self.found // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A pupil in the list of a class."""

    id: uuid.UUID
    name: str
    birth_date: dt.date | None
    login: str
    is_active: bool
    is_new: bool
    subgroups: tuple[str, ...]
    guardians: tuple[str, ...]


def school_numbers(school_id: int, today: dt.date) -> SchoolNumbers:
    """Counts for the overview, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS_SQL, {"school": school_id, "today": today})
        return SchoolNumbers(*cursor.fetchone())


def year_of_school(school: School) -> SchoolYear | None:
    """The year that holds today, else the next one, else the last one."""
    rows = SchoolYear.objects.filter(school_id=school.school_id).order_by("starts_on", "id")
    return current_year(rows, clock.today(school.timezone))


def slot_count(school_id: int, year: SchoolYear) -> int:
    """Lessons of the weekly timetable in this year."""
    slots = WeeklySlot.objects.filter(school_id=school_id, course__year_id=year.id)
    return int(slots.count())


def lesson_count(school_id: int, year: SchoolYear) -> int:
    """Lessons that stand on dates of this year."""
    lessons = Lesson.objects.filter(school_id=school_id, held_on__gte=year.starts_on, held_on__lt=year.ends_until)
    return int(lessons.count())


def last_task(actor: Actor, school_id: int, kind: str) -> Task | None:
    """The latest work of this kind in the school."""
    return Task.objects.visible_to(actor).filter(school_id=school_id, kind=kind).order_by("-created_at", "-id").first()


def class_lines(school_id: int, today: dt.date) -> list[Parallel]:
    """Classes of the year that holds today (else of the last one), by parallel."""
    is_in = Q(enrollments__starts_on__lte=today) & (
        Q(enrollments__until__isnull=True) | Q(enrollments__until__gt=today)
    )
    rows = (
        Group.objects.filter(school_id=school_id, kind=Group.Kind.CLASS)
        .select_related("form_teacher", "year")
        .annotate(size=Count("enrollments__student_id", filter=is_in, distinct=True))
        .order_by("parallel", "name", "id")
    )
    groups = list(rows)
    going = [one for one in groups if one.year.starts_on <= today < one.year.ends_until]
    latest = max((one.year.starts_on for one in groups), default=None)
    shown = going or [one for one in groups if one.year.starts_on == latest]
    return [
        Parallel(number, tuple(_class_line(one) for one in same))
        for number, same in groupby(shown, key=lambda one: one.parallel)
    ]


def _class_line(group: Any) -> ClassLine:
    teacher = group.form_teacher.short_name if group.form_teacher else ""
    return ClassLine(group.id, group.name, teacher, group.size)


def people_page(school_id: int, today: dt.date, words: str, kind: str, number: int) -> PeoplePage:
    """People whose name or login holds all the words; ё and е are one letter."""
    given: dict[str, Any] = {
        "school": school_id,
        "today": today,
        "kind": kind,
        "unusable": f"{UNUSABLE_PASSWORD_PREFIX}%",
        "words": [f"%{_escaped(word)}%" for word in words.lower().replace("ё", "е").split()] or ["%"],
        "limit": PAGE_SIZE,
        "offset": (number - 1) * PAGE_SIZE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE_SQL, given)
        rows = cursor.fetchall()
    return PeoplePage(tuple(_person_line(row) for row in rows), rows[0][8] if rows else 0, number)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _person_line(row: Sequence[Any]) -> PersonLine:
    kind, last, first, middle, post, login, is_active, is_new, _found, classes, children = row
    pairs = (one.split(" ", 1) for one in classes or ())
    return PersonLine(
        kind=kind,
        name=full_name(last, first, middle),
        post=post,
        login=login or "",
        is_active=bool(is_active),
        is_new=bool(is_new),
        classes=tuple((group_id, name) for group_id, name in pairs),
        children=tuple(children or ()),
    )


def pupil_lines(group: Group, today: dt.date) -> list[PupilLine]:
    """Pupils of a class today by name, with their subgroups and guardians; three statements."""
    rows = (
        Enrollment.objects.on(today)
        .filter(school_id=group.school_id, group_id=group.id)
        .select_related("student__user")
        .order_by("student_id")
    )
    students = {row.student_id: row.student for row in rows}
    subgroups = _subgroups(group, list(students), today)
    guardians = _guardians(group.school_id, list(students))
    ordered = sorted(students.values(), key=lambda one: name_key(one.full_name))
    return [_pupil_line(one, subgroups.get(one.id, ()), guardians.get(one.id, ())) for one in ordered]


def _subgroups(group: Group, student_ids: list[uuid.UUID], today: dt.date) -> dict[uuid.UUID, tuple[str, ...]]:
    rows = (
        Enrollment.objects.on(today)
        .filter(school_id=group.school_id, student_id__in=student_ids, group__home_class_id=group.id)
        .values_list("student_id", "group__split", "group__name")
        .order_by("student_id", "group__split", "group__name")
    )
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for student_id, split, name in rows:
        found[student_id] = (*found.get(student_id, ()), name.removeprefix(group.name).strip(" ,") or split)
    return found


def _guardians(school_id: int, student_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    links = (
        Guardian.objects.in_force()
        .filter(school_id=school_id, student_id__in=student_ids)
        .select_related("user")
        .order_by("student_id", "relation", "id")
    )
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for link in links:
        words = f"{link.user.full_name} ({link.relation})" if link.relation else link.user.full_name
        found[link.student_id] = (*found.get(link.student_id, ()), words)
    return found


def _pupil_line(student: Any, subgroups: tuple[str, ...], guardians: tuple[str, ...]) -> PupilLine:
    user = student.user
    return PupilLine(
        id=student.id,
        name=student.full_name,
        birth_date=student.birth_date,
        login=user.login if user else "",
        is_active=bool(user and user.is_active),
        is_new=bool(user and not user.has_usable_password()),
        subgroups=subgroups,
        guardians=guardians,
    )
