"""A pupil who moves from 7А to 7Б in mid-quarter has one average, whatever page counts it (F6)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from diary.foundation.core import clock
from diary.people.roster.models import Course, Enrollment
from diary.schoolwork.gradebook.actions import CellEntry, Entered, enter_cells
from diary.schoolwork.gradebook.queries import brought_marks, row_sum
from diary.schoolwork.timetable.models import Lesson
from tests.people import MONDAY, NOW, TODAY, Cast

ClientOf = Callable[[str], Client]
MOVED_ON = TODAY


def enter(cast: Cast, login: str, course: Course, lesson: Lesson, text: str) -> Entered:
    loaded = Course.objects.select_related("subject", "group", "teacher", "school").get(id=course.id)
    entry = CellEntry(lesson.id, cast.masha.id, text, 0)
    entered: Entered = enter_cells(cast.actor(login), loaded, cells=[entry], key=uuid.uuid4())
    return entered


@pytest.fixture
def moved(cast: Cast) -> Entered:
    """Маша has 2, 2 and 3 in 7А, moves today, and gets two fives in 7Б: (2 + 2 + 3 + 5 + 5) / 5 = 3,40."""
    for lesson, mark in zip(cast.lessons, ("2", "2", "3"), strict=False):
        enter(cast, "anna", cast.algebra, lesson, mark)
    mine = Enrollment.objects.filter(student_id=cast.masha.id, group_id=cast.class_7a.id)
    mine.update(until=MOVED_ON)
    Enrollment.objects.create(
        school=cast.school, student=cast.masha, group=cast.class_7b, starts_on=MOVED_ON, external_id="moved"
    )
    lesson = Lesson.objects.get(course_id=cast.algebra_7b.id)
    Lesson.objects.filter(id=lesson.id).update(held_on=TODAY)
    lesson.refresh_from_db()
    return enter(cast, "boris", cast.algebra_7b, lesson, "5/5")


def page(client: Client, cast: Cast, course: Course) -> str:
    html = client.get(f"/journal/{course.id}/?period={cast.period.id}").content.decode()
    return html[html.index(f'data-student="{cast.masha.id}"') :].split("</tr>")[0]


def test_answer_to_the_new_teacher_counts_the_marks_brought_along(cast: Cast, moved: Entered) -> None:
    assert (moved.rows[cast.masha.id].average, moved.rows[cast.masha.id].proposed) == ("3,40", "3")


def test_family_and_both_journals_say_the_same(cast: Cast, client_of: ClientOf, moved: Entered) -> None:
    for login, course in (("boris", cast.algebra_7b), ("anna", cast.algebra)):
        assert ">3,40</td>" in page(client_of(login), cast, course), login
    family = client_of("olga").get(f"/diary/{cast.masha.id}/marks/?period={cast.period.id}").content.decode()
    assert "3,40" in family
    assert "5,00" not in family


def test_cells_read_again_say_the_same(cast: Cast, client_of: ClientOf, moved: Entered) -> None:
    answer = client_of("boris").get(f"/journal/{cast.algebra_7b.id}/cells/?period={cast.period.id}").json()
    assert [row["average"] for row in answer["rows"]] == ["3,40"]


def test_new_journal_shows_the_marks_brought_along_and_cannot_change_them(
    cast: Cast, client_of: ClientOf, moved: Entered
) -> None:
    row = page(client_of("boris"), cast, cast.algebra_7b)
    assert "из 7А: 2 2 3" in row
    assert 'data-brought="2/2/3" data-brought-weights="1.00,1.00,1.00"' in row


def test_pupil_who_never_moved_brings_nothing(cast: Cast, client_of: ClientOf, moved: Entered) -> None:
    html = client_of("anna").get(f"/journal/{cast.algebra.id}/?period={cast.period.id}").content.decode()
    petya = html[html.index(f'data-student="{cast.petya.id}"') :].split("</tr>")[0]
    assert "brought" not in petya


def test_other_subject_other_period_and_taken_back_mark_do_not_count(cast: Cast, moved: Entered) -> None:
    within = {"school_id": cast.school.id, "student_ids": [cast.masha.id]}
    span = {"first": cast.period.starts_on, "until": cast.period.ends_until}
    found = brought_marks(course_id=cast.algebra_7b.id, **within, **span)
    assert [(one.value, one.group) for one in found[cast.masha.id]] == [("2", "7А"), ("2", "7А"), ("3", "7А")]
    assert not brought_marks(course_id=cast.russian.id, **within, **span)
    later = {"first": MONDAY + dt.timedelta(days=7), "until": cast.period.ends_until}
    assert not brought_marks(course_id=cast.algebra_7b.id, **within, **later)
    with clock.fixed(NOW):
        loaded = Course.objects.select_related("subject", "group", "teacher", "school").get(id=cast.algebra.id)
        back = CellEntry(cast.lessons[0].id, cast.masha.id, "", 1, "mistake")
        enter_cells(cast.actor("gleb"), loaded, cells=[back], key=uuid.uuid4())
    assert len(brought_marks(course_id=cast.algebra_7b.id, **within, **span)[cast.masha.id]) == 2


def test_weights_of_the_old_journal_are_kept(cast: Cast, moved: Entered) -> None:
    span = {"first": cast.period.starts_on, "until": cast.period.ends_until}
    found = brought_marks(school_id=cast.school.id, course_id=cast.algebra_7b.id, student_ids=[cast.masha.id], **span)
    assert [one.weight for one in found[cast.masha.id]] == [Decimal(1)] * 3
    assert row_sum(found[cast.masha.id]).average == "2,33"
