"""The teacher's pages through the client: allowed, forbidden, bad input, fixed number of statements."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diary.foundation.core import clock
from diary.people.roster.models import Enrollment, Student
from diary.schoolwork.gradebook.models import Mark, MarkChange, WorkKind
from diary.schoolwork.homework.models import Homework
from diary.schoolwork.homework.queries import due_on
from diary.schoolwork.planner.models import LessonTopic
from tests.people import NOW, Cast

ClientOf = Callable[[str], Client]
JSON = "application/json"


def put(client: Client, cast: Cast, text: str = "5", **changes: Any) -> Any:
    """Send one cell as the journal's script does."""
    cell = {"lesson": str(cast.lessons[3].id), "student": str(cast.masha.id), "text": text, "version": 0}
    body = {"key": str(uuid.uuid4()), "cells": [cell | changes]}
    return client.put(cells_of(cast), json.dumps(body), content_type=JSON, headers={"accept": JSON})


def cells_of(cast: Cast) -> str:
    return f"/journal/{cast.algebra.id}/cells/"


def page_of(cast: Cast) -> str:
    return f"/journal/{cast.algebra.id}/?period={cast.period.id}"


def test_teacher_sees_own_journals_and_no_others(cast: Cast, client_of: ClientOf) -> None:
    html = client_of("anna").get("/journal/").content.decode()
    assert f"/journal/{cast.algebra.id}/" in html
    assert f"/journal/{cast.algebra_7b.id}/" not in html


def test_many_journals_stand_under_their_classes_and_are_searched_without_a_script(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W8."""
    monkeypatch.setattr("diary.desks.journal.views.MANY_COURSES", 3)
    gleb = client_of("gleb")
    html = gleb.get("/journal/").content.decode()
    assert re.findall("<summary>(.*?)</summary>", html) == ["1А", "7А", "7Б"]
    assert html.index(f"/journal/{cast.algebra.id}/") < html.index(f"/journal/{cast.english.id}/")  # subgroups last
    found = gleb.get("/journal/", {"q": "7а  АНГЛ"}).content.decode()
    assert f"/journal/{cast.english.id}/" in found
    assert f"/journal/{cast.algebra.id}/" not in found
    nothing = gleb.get("/journal/", {"q": "11Я"}).content.decode()
    assert '<p class="journal-nothing" role="status">' in nothing


def test_form_teacher_sees_all_journals_of_the_class_without_writing(cast: Cast, client_of: ClientOf) -> None:
    vera = client_of("vera")
    html = vera.get(page_of(cast)).content.decode()
    assert 'aria-readonly="true"' in html
    assert put(vera, cast).status_code == 403


def test_grid_shows_pupils_by_name_with_ё_beside_е(cast: Cast, client_of: ClientOf) -> None:
    html = client_of("anna").get(page_of(cast)).content.decode()
    assert html.index("Ёлкин") < html.index("Иванова")
    assert html.count("data-lesson=") == len(cast.lessons)


def test_namesakes_of_a_class_are_told_apart_in_the_grid(cast: Cast, client_of: ClientOf) -> None:
    """F8."""
    for number, middle in enumerate(("Ильич", "Львович")):
        student = Student.objects.create(
            school=cast.school, last_name="Попов", first_name="Ян", middle_name=middle, external_id=f"twin-{number}"
        )
        Enrollment.objects.create(
            school=cast.school, student=student, group=cast.class_7a, starts_on=cast.year.starts_on, external_id=""
        )
    html = client_of("anna").get(page_of(cast)).content.decode()
    assert html.index('data-name="Попов Ян Ильич"') < html.index('data-name="Попов Ян Львович"')
    assert 'data-name="Иванова Мария"' in html


def test_saved_cell_comes_back_with_version_and_average(cast: Cast, client_of: ClientOf) -> None:
    answer = put(client_of("anna"), cast, "4/5").json()
    assert answer["cells"][0]["text"] == "4/5"
    assert answer["cells"][0]["version"] == 2
    assert answer["rows"][0] == {"student": str(cast.masha.id), "average": "4,50", "proposed": "5"}


def test_page_takes_seven_statements_for_two_pupils_and_for_thirty(cast: Cast, client_of: ClientOf) -> None:
    anna = client_of("anna")

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert anna.get(page_of(cast)).status_code == 200
        return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured)

    few = statements()
    for number in range(28):
        student = Student.objects.create(
            school=cast.school, last_name=f"Новый{number}", first_name="Ян", external_id=f"new-{number}"
        )
        Enrollment.objects.create(
            school=cast.school, student=student, group=cast.class_7a, starts_on=cast.year.starts_on, external_id=""
        )
    assert statements() == few
    # session with user and roles, scope, course, periods, lessons, students, cells,
    # marks brought along; and the test's scope given back
    assert few <= 9


def test_saving_a_mark_takes_at_most_fifteen_statements(cast: Cast, client_of: ClientOf) -> None:
    anna = client_of("anna")
    with CaptureQueriesContext(connection) as captured:
        assert put(anna, cast).status_code == 200
    statements = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 15, statements


@pytest.mark.parametrize(
    ("login", "status"),
    [("boris", 404), ("chuzhoy", 404), ("zoya", 403), ("masha", 403), ("olga", 403), ("lena", 403), ("tikhon", 403)],
)
def test_others_cannot_enter(cast: Cast, client_of: ClientOf, login: str, status: int) -> None:
    assert put(client_of(login), cast).status_code == status
    assert not Mark.objects.exists()


def test_visitor_gets_the_sign_in_page_and_a_script_gets_401(cast: Cast) -> None:
    visitor = Client()
    assert visitor.get(page_of(cast)).url.startswith("/sign-in/?next=/journal/")  # type: ignore[attr-defined]
    answer = put(visitor, cast)
    assert answer.status_code == 401
    assert "Войдите" in answer.json()["message"]


def test_entries_of_another_person_are_not_taken_under_this_name(cast: Cast, client_of: ClientOf) -> None:
    body = {"key": str(uuid.uuid4()), "cells": []}
    answer = client_of("anna").put(
        cells_of(cast), json.dumps(body), content_type=JSON, headers={"accept": JSON, "X-Journal-User": "999"}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"key": 1}',
        '{"key": "x", "cells": []}',
        '{"key": "01a2096d-0a5d-75b4-be41-979a36e2b1df", "cells": [1]}',
        '{"key": "01a2096d-0a5d-75b4-be41-979a36e2b1df", "cells": [{"lesson": "x", "student": "y", "text": "5"}]}',
        "\ud83d".encode("utf-16-le", "surrogatepass"),
        "[" * 100_000,
    ],
)
def test_unreadable_request_is_400_with_a_sentence(cast: Cast, client_of: ClientOf, body: str | bytes) -> None:
    answer = client_of("anna").put(cells_of(cast), body, content_type=JSON, headers={"accept": JSON})
    assert answer.status_code == 400
    assert "Обновите страницу" in answer.json()["message"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"text": "9"}, 422),
        ({"student": str(uuid.uuid4())}, 422),
        ({"lesson": str(uuid.uuid4())}, 422),
        ({"version": 7}, 409),
    ],
)
def test_refusals_have_their_status_and_a_sentence(
    cast: Cast, client_of: ClientOf, changes: dict[str, Any], status: int
) -> None:
    answer = put(client_of("anna"), cast, **changes)
    assert answer.status_code == status
    assert len(answer.json()["message"]) > 20
    assert not MarkChange.objects.exists()


def test_ten_thousand_marks_in_one_paste_are_413(cast: Cast, client_of: ClientOf) -> None:
    cells = [
        {"lesson": str(cast.lessons[3].id), "student": str(uuid.uuid4()), "text": "5", "version": 0}
        for _ in range(10_000)
    ]
    body = json.dumps({"key": str(uuid.uuid4()), "cells": cells})
    answer = client_of("anna").put(cells_of(cast), body, content_type=JSON, headers={"accept": JSON})
    assert answer.status_code == 413


def test_cell_menu_tells_the_history(cast: Cast, client_of: ClientOf) -> None:
    anna = client_of("anna")
    put(anna, cast, "4")
    put(anna, cast, "5", version=1)
    html = anna.get(f"{cells_of(cast)}{cast.lessons[3].id}/{cast.masha.id}/").content.decode()
    assert "4 → 5" in html
    assert "Соколова Анна Петровна, Учитель" in html


def test_cell_menu_changes_weight_and_comment(cast: Cast, client_of: ClientOf) -> None:
    anna = client_of("anna")
    put(anna, cast, "4")
    body = {
        "key": str(uuid.uuid4()),
        "version": 1,
        "place": "1",
        "kind": str(cast.test_work.id),
        "weight": "2,5",
        "comment": "<b>Молодец</b> 😀",
    }
    address = f"{cells_of(cast)}{cast.lessons[3].id}/{cast.masha.id}/"
    answer = anna.put(address, json.dumps(body), content_type=JSON, headers={"accept": JSON})
    assert answer.status_code == 200, answer.content
    mark = Mark.objects.get()
    assert (str(mark.weight), mark.comment) == ("2.50", "<b>Молодец</b> 😀")
    html = anna.get(address).content.decode()
    assert "&lt;b&gt;Молодец" in html


def test_lesson_page_saves_topic_homework_and_kind(cast: Cast, client_of: ClientOf) -> None:
    anna = client_of("anna")
    address = f"/journal/{cast.algebra.id}/lessons/{cast.lessons[3].id}/"
    form = {
        "topic": "Степень с натуральным показателем",
        "topic_version": 0,
        "kind": str(cast.test_work.id),
        "homework": "№ 12, 14",
        "minutes": 25,
        "homework_version": 0,
        "note": "Повторить с Петей",
    }
    assert anna.post(address, form).status_code == 302
    assert LessonTopic.objects.get().topic == form["topic"]
    homework = Homework.objects.get()
    assert (homework.text, due_on(homework)) == ("№ 12, 14", cast.lessons[4].held_on)
    html = anna.get(address).content.decode()
    assert "Повторить с Петей" in html
    stale = anna.post(address, form | {"topic": "Другое"})
    assert stale.status_code == 409
    assert "Другое" in stale.content.decode()  # nothing typed is lost


def test_lesson_in_a_holiday_is_refused_with_its_name(cast: Cast, client_of: ClientOf) -> None:
    address = f"/journal/{cast.algebra.id}/lessons/new/"
    answer = client_of("anna").post(address, {"held_on": "2026-11-04", "number": 2})
    assert answer.status_code == 422
    assert "единств" in answer.content.decode().lower()


def test_lesson_of_another_course_is_not_found(cast: Cast, client_of: ClientOf) -> None:
    foreign = f"/journal/{cast.algebra.id}/lessons/{cast.foreign_lesson.id}/"
    assert client_of("anna").get(foreign).status_code == 404


def test_lesson_page_asks_why_the_kind_of_standing_marks_changes(cast: Cast, client_of: ClientOf) -> None:
    """W6: nothing typed is lost meanwhile."""
    anna = client_of("anna")
    put(anna, cast)
    address = f"/journal/{cast.algebra.id}/lessons/{cast.lessons[3].id}/"
    typed = {"topic": "Дроби", "topic_version": 0, "homework": "", "minutes": 20, "homework_version": 0, "note": ""}
    typed |= {"kind": str(cast.test_work.id)}
    with clock.fixed(NOW + dt.timedelta(hours=1)):
        page = anna.post(address, typed)
        html = page.content.decode()
        assert page.status_code == 422
        assert "Выберите причину" in html
        assert 'name="reason"' in html
        assert 'value="Дроби"' in html
        assert Mark.objects.get().kind_id == cast.answer.id
        assert anna.post(address, typed | {"reason": "kind"}).status_code == 302
    assert Mark.objects.get().kind_id == cast.test_work.id


def test_cell_menu_shows_kinds_weights_and_comments_of_the_history(cast: Cast, client_of: ClientOf) -> None:
    """W6: under the names of then."""
    anna = client_of("anna")
    put(anna, cast)
    address = f"{cells_of(cast)}{cast.lessons[3].id}/{cast.masha.id}/"
    body = {"key": str(uuid.uuid4()), "version": 1, "place": 1, "kind": str(cast.test_work.id)}
    body |= {"weight": "3", "comment": "Списала", "reason": "kind"}
    assert anna.put(address, json.dumps(body), content_type=JSON, headers={"accept": JSON}).status_code == 200
    WorkKind.objects.filter(id=cast.test_work.id).update(name="Срез")
    html = anna.get(address).content.decode()
    assert f"({cast.answer.name} → {cast.test_work.name})" in html
    assert "Комментарий: — → Списала" in html


def lesson_form(cast: Cast, **texts: str) -> dict[str, str]:
    """The plain form of a lesson with these texts typed over empty cells."""
    form = {"key": str(uuid.uuid4()), "reason": ""}
    for name, text in texts.items():
        student = getattr(cast, name)
        form |= {f"text-{student.id}": text, f"shown-{student.id}": "", f"version-{student.id}": "0"}
    return form


def test_lesson_page_has_marks_and_attendance_and_takes_them_without_a_script(cast: Cast, client_of: ClientOf) -> None:
    """W18, W19 (M2): one form, no JavaScript; what is not changed is not written."""
    anna = client_of("anna")
    page = f"/journal/{cast.algebra.id}/lessons/{cast.lessons[3].id}/"
    html = anna.get(page).content.decode()
    assert html.index("Ёлкин Пётр") < html.index("Иванова Мария")
    assert anna.post(f"{page}marks/", lesson_form(cast, masha="4/б", petya="")).status_code == 302
    assert Mark.objects.get().value == "4"
    assert 'value="4/б"' in anna.get(page).content.decode()


def test_refused_lesson_marks_keep_what_was_typed_and_say_whose(cast: Cast, client_of: ClientOf) -> None:
    """W18."""
    anna = client_of("anna")
    answer = anna.post(
        f"/journal/{cast.algebra.id}/lessons/{cast.lessons[3].id}/marks/", lesson_form(cast, masha="5", petya="4,5")
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="4,5"' in html
    assert f'id="why-{cast.petya.id}"' in html
    assert f'id="why-{cast.masha.id}"' not in html
    assert not Mark.objects.exists()


def test_lesson_marks_are_only_looked_at_by_who_may_not_set_them(cast: Cast, client_of: ClientOf) -> None:
    page = f"/journal/{cast.algebra.id}/lessons/{cast.lessons[3].id}/"
    html = client_of("zoya").get(page).content.decode()
    assert "Иванова Мария" in html
    assert "marks/" not in html
    assert client_of("zoya").post(f"{page}marks/", lesson_form(cast, masha="5")).status_code == 403
    assert client_of("boris").post(f"{page}marks/", lesson_form(cast, masha="5")).status_code == 404
    unreadable = lesson_form(cast, masha="5") | {"key": "x"}
    assert client_of("anna").post(f"{page}marks/", unreadable).status_code == 400
