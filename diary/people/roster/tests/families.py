"""A family for tests: Ваня of 1А with a birth certificate on record, and what a parent types about him."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from diary.people.roster.models import Student, StudentDocument
from diary.people.roster.queries.matching import Given
from diary.people.roster.rules.documents import Document, DocumentKind
from diary.people.roster.rules.names import PersonName

BORN = dt.date(2019, 3, 14)
CERTIFICATE = Document(DocumentKind.BIRTH, "IVЯЯ123456")
PASSPORT = Document(DocumentKind.PASSPORT, "4506777888")
VANYA = Given(PersonName("Малышев", "Иван"), BORN, CERTIFICATE)


def put_on_record(student: Student, *, born: dt.date | None = BORN, document: Document | None = CERTIFICATE) -> Student:
    """What the school knows of the pupil."""
    student.birth_date = born
    student.save(update_fields=["birth_date"])
    if document:
        StudentDocument.made(student, document).save()
    return student


def given(**changes: object) -> Given:
    """Ваня as typed, with something else."""
    return replace(VANYA, **changes)  # type: ignore[arg-type]
