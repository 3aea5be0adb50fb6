"""Catalogues of a school: seen by its people only, sensible by the database's own word."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from diary.foundation.access.actor import ANONYMOUS
from diary.people.schools.models import Bell, BellSchedule, GradingPeriod, Room, School, SchoolYear, Subject
from tests.people import Cast

CATALOGUES = [SchoolYear, GradingPeriod, Subject, Room, BellSchedule, Bell]


@pytest.mark.parametrize("model", CATALOGUES)
def test_catalogue_is_seen_by_people_of_its_school_only(cast: Cast, model: type[Subject]) -> None:
    for login, school in (("masha", cast.school), ("anna", cast.school), ("chuzhoy", cast.other_school)):
        seen = set(model.objects.visible_to(cast.actor(login)).values_list("school_id", flat=True))
        assert seen <= {school.id}
    assert model.objects.visible_to(cast.actor("gleb")).exists()
    assert not model.objects.visible_to(ANONYMOUS).exists()


def test_schools_are_seen_by_those_who_have_a_role_there(cast: Cast) -> None:
    assert set(School.objects.visible_to(cast.actor("olga"))) == {cast.school, cast.other_school}
    assert list(School.objects.visible_to(cast.actor("gleb"))) == [cast.school]
    assert not School.objects.visible_to(ANONYMOUS).exists()


def test_school_is_a_subject_of_deeds_like_any_row_of_it(cast: Cast) -> None:
    assert cast.school.school_id == cast.school.id
    assert str(cast.school) == "Школа № 1"


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        (lambda cast: SchoolYear(starts_on=dt.date(2027, 9, 1), ends_until=dt.date(2027, 9, 1)), "schools_year_dates"),
        (
            lambda cast: GradingPeriod(
                year_id=cast.year.id,
                parallel=9,
                number=1,
                starts_on=dt.date(2026, 9, 2),
                ends_until=dt.date(2026, 9, 1),
            ),
            "schools_period_dates",
        ),
        (
            lambda cast: GradingPeriod(
                year_id=cast.year.id,
                parallel=7,
                number=1,
                starts_on=dt.date(2026, 9, 1),
                ends_until=dt.date(2026, 9, 2),
            ),
            "schools_period_number",
        ),
        (lambda cast: Subject(name="Алгебра", short_name="Алг", external_id="Алгебра"), "schools_subject_external_id"),
        (lambda cast: Room(name="305", external_id="305"), "schools_room_external_id"),
        (
            lambda cast: Bell(schedule_id=cast.bells.id, number=9, starts_at=dt.time(9), ends_at=dt.time(9)),
            "schools_bell_times",
        ),
        (
            lambda cast: Bell(schedule_id=cast.bells.id, number=1, starts_at=dt.time(9), ends_at=dt.time(10)),
            "schools_bell_number",
        ),
    ],
)
def test_senseless_row_is_refused_by_the_database(cast: Cast, row, constraint: str) -> None:  # type: ignore[no-untyped-def]
    made = row(cast)
    made.school_id = cast.school.id
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        made.save(force_insert=True)


def test_two_schools_may_call_a_thing_the_same(cast: Cast) -> None:
    assert Subject.objects.filter(external_id="Алгебра").count() == 2
