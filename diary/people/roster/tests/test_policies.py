"""Who teaches a course, whose family it is: one table for each function."""

from __future__ import annotations

import datetime as dt

import pytest

from diary.people.roster.models import Course, Guardian
from diary.people.roster.policies import has_full_rights, is_family, leads_course
from tests.people import NOW, USERS, Cast


def those_who(cast: Cast, may: object) -> set[str]:
    return {login for login in USERS if may(cast.actor(login))}  # type: ignore[operator]


def test_teacher_leads_the_own_course_and_nobody_else_does(cast: Cast) -> None:
    course = Course.objects.select_related("teacher").get(id=cast.algebra.id)
    assert those_who(cast, lambda actor: leads_course(actor, course)) == {"anna"}


def test_family_is_the_student_and_the_guardians(cast: Cast) -> None:
    family = {"masha", "olga", "pavel"}
    assert those_who(cast, lambda actor: is_family(actor, cast.masha)) == family
    assert those_who(cast, lambda actor: has_full_rights(actor, cast.masha)) == family


@pytest.mark.parametrize(
    ("change", "sees", "acts"),
    [
        ({"rights": Guardian.Rights.READ}, True, False),
        ({"rights": Guardian.Rights.NONE}, False, False),
        ({"until": NOW.date()}, False, False),
        ({"until": NOW.date() + dt.timedelta(days=1)}, True, True),
    ],
)
def test_guardian_with_limited_rights(cast: Cast, change: dict[str, object], sees: bool, acts: bool) -> None:
    Guardian.objects.filter(user=cast.users["pavel"]).update(**change)
    pavel = cast.actor("pavel")
    assert (is_family(pavel, cast.masha), has_full_rights(pavel, cast.masha)) == (sees, acts)
