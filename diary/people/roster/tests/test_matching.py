"""Which pupil a parent means: everything on record must be right, and nothing is told of what was wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from diary.people.roster.models import Enrollment, StudentDocument
from diary.people.roster.queries.matching import Given, matching_student
from diary.people.roster.rules.documents import Document, DocumentKind
from diary.people.roster.rules.names import PersonName
from diary.people.roster.tests.families import BORN, CERTIFICATE, PASSPORT, VANYA, given, put_on_record
from tests.people import TODAY, Cast

OTHER_DAY = BORN + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "typed",
    [
        VANYA,
        given(name=PersonName("малышев", " ИВАН ".strip())),
        given(name=PersonName("Малышев", "Иван", "Петрович")),  # the school has no patronymic
    ],
)
def test_pupil_is_found(cast: Cast, typed: Given) -> None:
    student = put_on_record(cast.vanya_1a)
    match = matching_student(cast.school.id, typed)
    assert match is not None
    assert (match.student, match.is_document_known) == (student, True)


@pytest.mark.parametrize(
    "typed",
    [
        given(name=PersonName("Малышев", "Пётр")),
        given(name=PersonName("Малышева", "Иван")),
        given(birth_date=OTHER_DAY),
        given(document=PASSPORT),
        given(document=Document(DocumentKind.BIRTH, "IVЯЯ123457")),
        given(document=Document(DocumentKind.FOREIGN, CERTIFICATE.text)),
    ],
)
def test_anything_wrong_finds_nobody(cast: Cast, typed: Given) -> None:
    put_on_record(cast.vanya_1a)
    assert matching_student(cast.school.id, typed) is None


def test_yo_is_e(cast: Cast) -> None:
    put_on_record(cast.petya)
    assert matching_student(cast.school.id, given(name=PersonName("Елкин", "Петр"))) is not None


def test_school_without_documents_goes_by_the_day_of_birth(cast: Cast) -> None:
    put_on_record(cast.vanya_1a, document=None)
    match = matching_student(cast.school.id, VANYA)
    assert match is not None
    assert not match.is_document_known
    assert matching_student(cast.school.id, given(birth_date=OTHER_DAY)) is None


def test_school_without_the_day_of_birth_goes_by_the_document(cast: Cast) -> None:
    put_on_record(cast.vanya_1a, born=None)
    assert matching_student(cast.school.id, given(birth_date=OTHER_DAY)) is not None
    assert matching_student(cast.school.id, given(document=PASSPORT)) is None


def test_school_that_knows_the_name_alone_finds_nobody(cast: Cast) -> None:
    assert matching_student(cast.school.id, VANYA) is None


def test_any_of_several_documents_fits(cast: Cast) -> None:
    put_on_record(cast.vanya_1a)
    StudentDocument.made(cast.vanya_1a, PASSPORT).save()
    assert matching_student(cast.school.id, given(document=PASSPORT)) is not None
    assert matching_student(cast.school.id, VANYA) is not None


def test_pupil_who_has_left_is_not_found(cast: Cast) -> None:
    put_on_record(cast.vanya_1a)
    Enrollment.objects.filter(school_id=cast.school.id, student_id=cast.vanya_1a.id).update(until=TODAY)
    assert matching_student(cast.school.id, VANYA) is None


def test_pupil_of_another_school_is_not_found(cast: Cast) -> None:
    put_on_record(cast.vanya_1a)
    assert matching_student(cast.other_school.id, VANYA) is None


def test_same_document_looks_different_in_another_school(cast: Cast) -> None:
    here = StudentDocument.made(cast.vanya_1a, CERTIFICATE)
    there = StudentDocument.made(cast.foreign_student, CERTIFICATE)
    assert here.text_index != there.text_index
