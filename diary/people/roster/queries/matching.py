"""Which pupil of a school a parent means (A10): every thing that the school has on record must be right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from diary.foundation.core import clock
from diary.people.roster.models import Enrollment, Student, StudentDocument
from diary.people.roster.models.families import document_index
from diary.people.roster.rules.documents import Document
from diary.people.roster.rules.names import PersonName


@dataclass(frozen=True, slots=True)
class Given:
    """What the parent has typed."""

    name: PersonName
    birth_date: dt.date
    document: Document


@dataclass(frozen=True, slots=True)
class Match:
    """The pupil; whether the school had this very document on record, or none at all."""

    student: Student
    is_document_known: bool


def matching_student(school_id: int, given: Given) -> Match | None:
    """The one pupil who is or soon will be in a class of the school and whom everything given fits.

    Of birth date and documents each that is on record must be right, and one of them must be on record. None tells
    nothing of what was wrong. The school must be in scope.
    """
    wanted = bytes(document_index(school_id, given.document))
    candidates = [one for one in _candidates(school_id, given.birth_date, wanted) if _has_name(one, given.name)]
    found = []
    for student in candidates:
        known = {bytes(one.text_index) for one in student.documents.all()}
        if wanted in known or (not known and student.birth_date is not None):
            found.append(Match(student, wanted in known))
    sure = [match for match in found if match.is_document_known]
    best = sure or found
    return best[0] if len(best) == 1 else None


def _candidates(school_id: int, birth_date: dt.date, wanted: bytes) -> list[Student]:
    """Pupils born that day; of those whose day nobody knows only the owner of the document."""
    places = Enrollment.objects.filter(school_id=OuterRef("school_id"), student_id=OuterRef("id"))
    stays = places.filter(Q(until__isnull=True) | Q(until__gt=clock.TodayIn("school__timezone")))
    owners = StudentDocument.objects.filter(school_id=school_id, text_index=wanted).values("student_id")
    rows = Student.objects.filter(Q(birth_date=birth_date) | Q(birth_date=None, id__in=owners), school_id=school_id)
    return list(rows.filter(Exists(stays)).prefetch_related("documents").order_by("id"))


def _has_name(student: Student, name: PersonName) -> bool:
    """Last and first name; a patronymic only where both have one."""
    middle = name.middle if student.middle_name else ""
    own = PersonName(student.last_name, student.first_name, student.middle_name if name.middle else "")
    return own.key == PersonName(name.last, name.first, middle).key
