"""A substitute opens the journal and writes at the own lesson; who has left reads the time they taught (C7)."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from diary.foundation.core import clock
from diary.people.roster.models import Course, Staff
from diary.schoolwork.attendance.models import AttendanceSign
from diary.schoolwork.gradebook.models import Mark
from diary.schoolwork.homework.models import Homework
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.timetable.models import Lesson
from tests.people import NOW, TODAY, Cast

ClientOf = Callable[[str], Client]
JSON = "application/json"


@pytest.fixture
def stood_in(cast: Cast) -> Lesson:
    """Борис stands in for Анна today."""
    lesson = cast.lessons[4]
    lesson.teacher = Staff.objects.get(school_id=cast.school.id, external_id="boris")
    lesson.save(update_fields=["teacher_id"])
    return lesson


def put(client: Client, cast: Cast, lesson: Lesson, text: str = "5") -> Any:
    cell = {"lesson": str(lesson.id), "student": str(cast.masha.id), "text": text, "version": 0}
    body = {"key": str(uuid.uuid4()), "cells": [cell]}
    return client.put(
        f"/journal/{cast.algebra.id}/cells/", json.dumps(body), content_type=JSON, headers={"accept": JSON}
    )


def save(client: Client, cast: Cast, lesson: Lesson) -> Any:
    form = {"topic": "Дроби", "topic_version": 0, "kind": str(cast.answer.id), "homework": "№ 12", "minutes": 20}
    address = f"/journal/{cast.algebra.id}/lessons/{lesson.id}/"
    return client.post(address, form | {"homework_version": 0, "note": ""})


def page(client: Client, cast: Cast, status: int = 200) -> str:
    answer = client.get(f"/journal/{cast.algebra.id}/?period={cast.period.id}")
    assert answer.status_code == status
    return answer.content.decode()


def test_substitute_finds_the_journal_and_the_timetable_leads_there(
    cast: Cast, client_of: ClientOf, stood_in: Lesson
) -> None:
    boris = client_of("boris")
    address = f"/journal/{cast.algebra.id}/"
    assert address in boris.get("/journal/").content.decode()
    assert address in boris.get("/timetable/").content.decode()
    assert address not in client_of("vera").get("/timetable/").content.decode()


def test_substitute_marks_the_own_lesson(cast: Cast, client_of: ClientOf, stood_in: Lesson) -> None:
    assert put(client_of("boris"), cast, stood_in, "5 оп").status_code == 200
    assert (Mark.objects.get().lesson_id, AttendanceSign.objects.get().sign) == (stood_in.id, "оп")


def test_substitute_writes_topic_and_homework_of_the_own_lesson(
    cast: Cast, client_of: ClientOf, stood_in: Lesson
) -> None:
    assert save(client_of("boris"), cast, stood_in).status_code == 302
    assert (LessonTopic.objects.get().topic, Homework.objects.get().text) == ("Дроби", "№ 12")


def test_substitute_writes_at_no_other_lesson(cast: Cast, client_of: ClientOf, stood_in: Lesson) -> None:
    boris = client_of("boris")
    refused = put(boris, cast, cast.lessons[3])
    assert refused.status_code == 403
    assert "ведёте не вы" in refused.json()["message"]
    assert save(boris, cast, cast.lessons[3]).status_code == 403
    assert boris.get(f"/journal/{cast.algebra.id}/lessons/new/").status_code == 403
    assert [rows.objects.count() for rows in (Mark, LessonTopic, Homework)] == [0, 0, 0]


def test_only_the_column_of_the_substitute_is_open(cast: Cast, client_of: ClientOf, stood_in: Lesson) -> None:
    html = page(client_of("boris"), cast)
    [row] = re.findall(rf'data-student="{cast.masha.id}".*?</tr>', html, re.DOTALL)
    cells = re.findall(r"<td[^>]*gridcell[^>]*>", row)
    assert ["aria-readonly" in cell for cell in cells] == [True] * 4 + [False, True]
    assert "Здесь вы ведёте не все уроки" in html
    assert "lessons/new/" not in html


def test_substitute_reads_no_other_period(cast: Cast, client_of: ClientOf, stood_in: Lesson) -> None:
    boris = client_of("boris")
    assert boris.get(f"/journal/{cast.algebra.id}/?period={cast.next_period.id}").status_code == 404
    assert str(cast.next_period.id) not in page(boris, cast)


def test_substitute_still_corrects_a_week_later(cast: Cast, client_of: ClientOf, stood_in: Lesson) -> None:
    with clock.fixed(NOW + dt.timedelta(days=7)):
        assert put(client_of("boris"), cast, stood_in).status_code == 200


def test_former_teacher_reads_the_time_taught_and_writes_nothing(cast: Cast, client_of: ClientOf) -> None:
    course = Course.objects.get(id=cast.algebra.id)
    boris = Staff.objects.get(school_id=cast.school.id, external_id="boris")
    before = course.hand_over(boris.id, starts_on=TODAY, year_starts_on=cast.year.starts_on)
    assert before is not None
    before.save(force_insert=True)
    course.save(update_fields=["teacher_id", "teacher_starts_on"])
    Lesson.objects.filter(course_id=course.id, held_on__gte=TODAY).update(teacher_id=boris.id)
    anna = client_of("anna")
    html = page(anna, cast)
    assert 'aria-readonly="true"' in html
    assert "Вы смотрите журнал коллеги" in html
    assert put(anna, cast, cast.lessons[0]).status_code == 403
    assert save(anna, cast, cast.lessons[0]).status_code == 403
    assert anna.get(f"/journal/{course.id}/?period={cast.next_period.id}").status_code == 404
    assert anna.get(f"/journal/{course.id}/lessons/{cast.lessons[0].id}/").status_code == 200
    assert put(client_of("boris"), cast, cast.lessons[0]).status_code == 200, "the new one carries the journal on"


def test_cell_of_a_pupil_of_another_class_is_not_there(cast: Cast, client_of: ClientOf) -> None:
    address = f"/journal/{cast.algebra.id}/cells/{cast.lessons[3].id}/{{}}/"
    assert client_of("anna").get(address.format(cast.masha.id)).status_code == 200
    assert client_of("gleb").get(address.format(cast.kolya_7b.id)).status_code == 404
