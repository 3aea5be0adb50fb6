"""Deeds: checked, all or nothing, audited."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.deeds import acting_in, action
from diary.foundation.access.scope import current_scope
from diary.foundation.audit import log
from diary.foundation.audit.models import AuditEvent, UnsealedEvent
from diary.people.roster.models import Student
from diary.people.schools.models import School
from tests.people import NOW, Cast


def is_teacher(actor: Actor, subject: Any) -> bool:
    return actor.has_role(Role.TEACHER, subject.school_id)


@action(check=is_teacher)
def praise(actor: Actor, student: Student, *, how: str) -> str:
    """Say something kind."""
    log.note(how=how)
    return how


@action(check=is_teacher)
def look_at(actor: Actor, student: Student) -> None:
    pass


@action(check=is_teacher)
def praise_twice(actor: Actor, student: Student, *, other: Student) -> None:
    log.note(student, how="once")
    log.note(other, how="twice")


@action(check=is_teacher, audits=False)
def praise_all(actor: Actor, school: School, *, students: list[Student]) -> None:
    for student in students:
        praise(actor, student, how="well done")


@action(check=is_teacher)
def fail_after_writing(actor: Actor, student: Student) -> None:
    Student.objects.filter(school_id=student.school_id, id=student.id).update(first_name="Никто")
    log.note(how="badly")
    raise LookupError


def events() -> list[tuple[str, str]]:
    return [(event.action, event.object_id) for event in AuditEvent.objects.order_by("id")]


def test_deed_is_done_and_recorded(cast: Cast) -> None:
    assert praise(cast.actor("anna"), cast.masha, how="well done") == "well done"
    event = AuditEvent.objects.get()
    assert (event.action, event.object_type, event.object_id) == (
        "test_deeds.praise",
        "roster.student",
        str(cast.masha.id),
    )
    assert (event.user_id, event.user_name, event.ip) == (
        cast.users["anna"].id,
        "Соколова Анна Петровна",
        "127.0.0.1",
    )
    assert (event.at, event.school_id, event.details) == (NOW, cast.school.id, {"how": "well done"})
    assert UnsealedEvent.objects.get().event_id == event.id


def test_deed_without_a_note_is_recorded_too(cast: Cast) -> None:
    look_at(cast.actor("anna"), cast.masha)
    assert events() == [("test_deeds.look_at", str(cast.masha.id))]


def test_each_note_is_a_row_with_its_own_subject(cast: Cast) -> None:
    praise_twice(cast.actor("anna"), cast.masha, other=cast.petya)
    assert events() == [
        ("test_deeds.praise_twice", str(cast.masha.id)),
        ("test_deeds.praise_twice", str(cast.petya.id)),
    ]


def test_composed_deed_leaves_the_rows_of_its_parts(cast: Cast) -> None:
    praise_all(cast.actor("anna"), cast.school, students=[cast.masha, cast.petya])
    assert events() == [("test_deeds.praise", str(cast.masha.id)), ("test_deeds.praise", str(cast.petya.id))]


def test_refused_deed_is_not_begun(cast: Cast) -> None:
    for login in ("masha", "olga", "zoya", "chuzhoy"):
        with pytest.raises(PermissionDenied):
            praise(cast.actor(login), cast.masha, how="well done")
    assert events() == []


def test_failed_deed_leaves_nothing_behind(cast: Cast) -> None:
    with pytest.raises(LookupError), transaction.atomic():
        fail_after_writing(cast.actor("anna"), cast.masha)
    assert events() == []
    assert Student.objects.get(school_id=cast.school.id, id=cast.masha.id).first_name == "Мария"


def test_subject_of_another_school_asks_the_role_of_that_school(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        look_at(cast.actor("anna"), cast.foreign_student)


def test_deed_knows_its_name_and_keeps_its_words() -> None:
    assert praise.action_name == "test_deeds.praise"  # type: ignore[attr-defined]
    assert praise.audits is True  # type: ignore[attr-defined]
    assert praise_all.audits is False  # type: ignore[attr-defined]
    assert praise.__doc__ == "Say something kind."


def test_outside_a_request_deeds_run_in_the_actors_schools(cast: Cast) -> None:
    with acting_in(cast.actor("olga")):
        assert current_scope() == (cast.school.id, cast.other_school.id)
    with acting_in(cast.actor("anna")):
        assert current_scope() == (cast.school.id,)


def test_note_outside_a_deed_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="outside an @action"):
        log.note(how="at all")
