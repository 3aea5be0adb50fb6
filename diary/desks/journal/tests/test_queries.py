"""The journal's own SQL says the same as the rules it stands for."""

from __future__ import annotations

from diary.desks.journal.queries import opened_course
from diary.people.roster.models import Course
from tests.people import ROLES, Cast


def test_opened_course_is_exactly_what_is_visible_to_everybody(cast: Cast) -> None:
    courses = list(Course.objects.order_by("school_id", "id").values_list("id", flat=True))
    for login in ROLES:
        actor = cast.actor(login)
        visible = set(Course.objects.visible_to(actor).values_list("id", flat=True))
        assert {course_id for course_id in courses if opened_course(actor, course_id)} == visible, login


def test_opened_course_brings_subject_group_and_teacher(cast: Cast) -> None:
    opened = opened_course(cast.actor("anna"), cast.algebra.id)
    assert opened is not None
    course = opened.course
    assert (course, course.subject, course.group, course.teacher) == (
        cast.algebra,
        cast.algebra.subject,
        cast.class_7a,
        cast.algebra.teacher,
    )
