"""The reader's children (or the student alone), in all their schools."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from diary.foundation.access.actor import Actor
from diary.foundation.core import clock
from diary.foundation.core.text import full_name, name_key
from diary.people.roster.models import Enrollment, Group, Guardian, Student
from diary.people.schools.models import GradingPeriod


@dataclass(frozen=True, slots=True)
class Child:
    """A student whose diary the reader may open, with the present class."""

    student: Student
    class_name: str
    parallel: int | None
    year_id: uuid.UUID | None
    is_self: bool
    may_act: bool

    @property
    def id(self) -> uuid.UUID:
        return self.student.id

    @property
    def school_id(self) -> int:
        return self.student.school_id

    @property
    def name(self) -> str:
        """«Иванова Мария»: what the switch shows."""
        return full_name(self.student.last_name, self.student.first_name)

    @property
    def today(self) -> dt.date:
        """The present date where the school is."""
        return clock.today(self.student.school.timezone)


def family(actor: Actor) -> list[Child]:
    """Everybody whose diary this actor may open, by school and name. One statement."""
    # the last class that has begun; before the first of September, the coming one
    classes = (
        Enrollment.objects.filter(school_id=OuterRef("school_id"), student_id=OuterRef("id"))
        .filter(group__kind=Group.Kind.CLASS)
        .annotate(has_begun=Q(starts_on__lte=clock.today()))
        .order_by("-has_begun", "-starts_on", "id")
        .values(found=JSONObject(name="group__name", parallel="group__parallel", year="group__year_id"))
    )
    full = Guardian.objects.filter(school_id=OuterRef("school_id"), student_id=OuterRef("id")).valid_for(actor.user_id)
    students = (
        Student.objects.family_of(actor)
        .select_related("school")
        .annotate(present_class=Subquery(classes[:1]))
        .annotate(is_full=Exists(full.filter(rights=Guardian.Rights.FULL)))
    )
    children = [_child(student, actor) for student in students]
    return sorted(children, key=lambda child: (child.student.school.short_name, name_key(child.name), str(child.id)))


def child_periods(child: Child) -> list[GradingPeriod]:
    """Grading periods of the child's class, in order. One statement; none without a class."""
    if child.parallel is None or child.year_id is None:
        return []
    own = GradingPeriod.objects.filter(school_id=child.school_id, year_id=child.year_id, parallel=child.parallel)
    return list(own.order_by("starts_on", "id"))


def _child(student: Any, actor: Actor) -> Child:
    present = student.present_class or {}
    year, is_self = present.get("year"), student.user_id == actor.user_id
    return Child(
        student=student,
        class_name=present.get("name", ""),
        parallel=present.get("parallel"),
        year_id=uuid.UUID(year) if year else None,
        is_self=is_self,
        may_act=is_self or student.is_full,
    )
