"""Fills the journeys' database: the cast, and a class of thirty for the keyboard."""

from __future__ import annotations

import datetime as dt

import django

django.setup()

from django.db import transaction  # noqa: E402 (needs the apps)

from diary.foundation.access.scope import school_scope  # noqa: E402
from diary.people.roster.models import Course, Enrollment, Group, Student, StudentDocument  # noqa: E402
from diary.people.roster.rules.documents import Document, DocumentKind  # noqa: E402
from diary.people.schools.models import Subject  # noqa: E402
from diary.schoolwork.timetable.models import Lesson  # noqa: E402
from tests.people import TODAY, Cast, make_cast  # noqa: E402


def seed() -> None:
    """The cast and class 7В with thirty pupils, taught algebra by Анна today."""
    cast = make_cast()
    with transaction.atomic(), school_scope([cast.school.id]):
        _class_of_thirty(cast)
        for pupil, number in ((cast.vanya_1a, "123456"), (cast.petya, "654321")):
            _put_on_record(pupil, number)


def _put_on_record(pupil: Student, number: str) -> None:
    """What the school knows of a pupil whom a parent adds."""
    pupil.birth_date = dt.date(2019, 3, 14)
    pupil.save(update_fields=["birth_date"])
    StudentDocument.made(pupil, Document(DocumentKind.BIRTH, f"IVЯЯ{number}")).save()


def _class_of_thirty(cast: Cast) -> None:
    school = cast.school
    group = Group.objects.create(
        school=school,
        year=cast.year,
        kind=Group.Kind.CLASS,
        name="7В",
        parallel=7,
        letter="В",
        bells=cast.bells,
        external_id="7В",
    )
    algebra = Subject.objects.get(school_id=school.id, name="Алгебра")
    course = Course.objects.create(
        school=school,
        year=cast.year,
        group=group,
        subject=algebra,
        teacher=cast.algebra.teacher,
        external_id="7В Алгебра",
    )
    for number in range(1, 31):
        student = Student.objects.create(
            school=school, last_name=f"Учеников{number:02}", first_name="Олег", external_id=f"7v-{number}"
        )
        Enrollment.objects.create(
            school=school, student=student, group=group, starts_on=cast.year.starts_on, external_id=""
        )
    first = cast.lessons[0]
    Lesson.objects.create(
        school=school,
        course=course,
        period=cast.period,
        held_on=TODAY,
        number=1,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        teacher=course.teacher,
    )


if __name__ == "__main__":
    seed()
