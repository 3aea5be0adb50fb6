"""The reader's children (or the student alone), in all their schools."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from diary.desks.home.queries.reading import fetch
from diary.foundation.access.actor import Actor
from diary.foundation.core import clock
from diary.foundation.core.text import full_name, name_key
from diary.people.roster.models import Group, Guardian


@dataclass(frozen=True, slots=True)
class Period:
    """A grading period of the child's class; `ends_until` is exclusive."""

    id: uuid.UUID
    name: str
    starts_on: dt.date
    ends_until: dt.date


@dataclass(frozen=True, slots=True)
class Child:
    """A student whose diary the reader may open, with the present class and its grading periods in order.

    Without a class there is no year and no period.
    """

    id: uuid.UUID
    school_id: int
    school: str
    name: str
    timezone: str
    today: dt.date
    class_name: str
    year_id: uuid.UUID | None
    periods: tuple[Period, ...]
    is_self: bool
    may_act: bool


# The class is the last that has begun; before the first of September, the coming one.
FAMILY_SQL = """
WITH mine AS (
 SELECT school_id, student_id, bool_or(is_self) AS is_self, bool_or(may_act) AS may_act FROM (
  SELECT school_id, id AS student_id, true AS is_self, true AS may_act
  FROM roster_student WHERE school_id = ANY(%(schools)s) AND user_id = %(user)s
  UNION ALL
  SELECT school_id, student_id, false, rights = %(full)s
  FROM roster_guardian JOIN schools_school k ON k.id = school_id
  WHERE school_id = ANY(%(schools)s) AND user_id = %(user)s
   AND rights <> %(none)s AND (until IS NULL OR until > (%(now)s AT TIME ZONE k.timezone)::date)
 ) AS links GROUP BY school_id, student_id
)
SELECT s.id, s.school_id, h.short_name, h.timezone, s.last_name, s.first_name, mine.is_self, mine.may_act,
 g.name, g.year_id, ARRAY(
  SELECT (p.id || ' ' || p.starts_on || ' ' || p.ends_until || ' ' || p.name) FROM schools_gradingperiod p
  WHERE p.school_id = s.school_id AND p.year_id = g.year_id AND p.parallel = g.parallel ORDER BY p.starts_on, p.id
 )
FROM mine
JOIN roster_student s ON s.school_id = mine.school_id AND s.id = mine.student_id
JOIN schools_school h ON h.id = s.school_id
LEFT JOIN LATERAL (
 SELECT c.name, c.year_id, c.parallel
 FROM roster_enrollment e JOIN roster_group c ON c.school_id = e.school_id AND c.id = e.group_id
 WHERE e.school_id = s.school_id AND e.student_id = s.id AND c.kind = %(class)s
 ORDER BY e.starts_on <= (%(now)s AT TIME ZONE h.timezone)::date DESC, e.starts_on DESC, e.id LIMIT 1
) g ON true
"""


def family(actor: Actor) -> list[Child]:
    """Everybody whose diary this actor may open, by school and name. One statement.

    The same rule as `Student.objects.family_of` (a test holds them together): every page of a family begins here, and
    building that statement through the ORM took half of the time of a page.
    """
    rows = fetch(
        FAMILY_SQL,
        user=actor.user_id,
        schools=list(actor.school_ids),
        now=clock.now(),
        full=Guardian.Rights.FULL.value,
        none=Guardian.Rights.NONE.value,
        **{"class": Group.Kind.CLASS.value},
    )
    return sorted(map(_child, rows), key=lambda child: (child.school, name_key(child.name), str(child.id)))


def _child(row: tuple[Any, ...]) -> Child:
    student_id, school_id, school, timezone, last, first, is_self, may_act, class_name, year_id, periods = row
    return Child(
        id=student_id,
        school_id=school_id,
        school=school,
        name=full_name(last, first),
        timezone=timezone,
        today=clock.today(timezone),
        class_name=class_name or "",
        year_id=year_id,
        periods=tuple(map(_period, periods)),
        is_self=is_self,
        may_act=may_act,
    )


def _period(text: str) -> Period:
    period_id, starts_on, ends_until, name = text.split(" ", 3)
    return Period(uuid.UUID(period_id), name, dt.date.fromisoformat(starts_on), dt.date.fromisoformat(ends_until))
