"""Entering cells: effect, refusal, history, audit, idempotency (M1, M9)."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.foundation.audit.histories import history_breaks
from diary.foundation.audit.models import AuditEvent
from diary.foundation.core.errors import BadInput, TooMuch
from diary.foundation.core.models import KeyReused
from diary.people.roster.models import Course, Enrollment, Staff
from diary.schoolwork.attendance.models import AttendanceSign
from diary.schoolwork.gradebook.actions import (
    MAX_CELLS,
    CellEntry,
    CellsChanged,
    CellsRefused,
    Entered,
    describe_mark,
    enter_cells,
    set_work,
)
from diary.schoolwork.gradebook.models import Mark, MarkChange
from tests.people import NOW, Cast


def course(cast: Cast, which: Course | None = None) -> Course:
    found = which or cast.algebra
    return Course.objects.select_related("subject", "group", "teacher", "school").get(
        school_id=found.school_id, id=found.id
    )


def enter(cast: Cast, text: str, *, version: int = 0, who: str = "anna", **kwargs: object) -> Entered:
    """Анна types `text` into Маша's cell of Monday's lesson."""
    values: dict[str, object] = {"lesson": cast.lessons[3], "student": cast.masha, "reason": "", "key": uuid.uuid4()}
    values |= kwargs
    entry = CellEntry(values["lesson"].id, values["student"].id, text, version, str(values["reason"]))  # type: ignore[attr-defined]
    with transaction.atomic():
        return enter_cells(cast.actor(who), course(cast), cells=[entry], key=values["key"])


def describe(cast: Cast, *, version: int = 1, **kwargs: object) -> Entered:
    """Анна describes Маша's mark of Monday."""
    values: dict[str, object] = {"kind_id": cast.answer.id, "weight": cast.answer.weight, "comment": "", "reason": ""}
    values |= {"key": uuid.uuid4(), "place": 1} | kwargs
    places = {"lesson_id": cast.lessons[3].id, "student_id": cast.masha.id}
    with transaction.atomic():
        return describe_mark(cast.actor("anna"), course(cast), version=version, **places, **values)


def masha_cell(cast: Cast, entered: Entered) -> tuple[str, int]:
    cell = entered.cells[cast.lessons[3].id, cast.masha.id]
    return cell.text, cell.version


def test_new_mark_is_kept_with_its_history_audit_row_and_job(cast: Cast) -> None:
    entered = enter(cast, "5")
    assert masha_cell(cast, entered) == ("5", 1)
    assert entered.rows[cast.masha.id].average == "5,00"
    mark = Mark.objects.get()
    change = MarkChange.objects.get()
    assert (mark.value, mark.version, mark.course_id) == ("5", 1, cast.algebra.id)
    assert (change.old_value, change.value, change.reason, change.mark_id) == ("", "5", "first", mark.id)
    assert (change.changed_by_name, change.changed_by_post) == ("Соколова Анна Петровна", "Учитель")
    assert change.changed_at == NOW
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.user_id) == (
        "gradebook.set_marks",
        str(cast.algebra.id),
        cast.users["anna"].id,
    )
    assert ProcrastinateJob.objects.get().args["change_ids"] == [str(change.id)]


def test_cell_holds_several_marks_and_a_sign(cast: Cast) -> None:
    entered = enter(cast, "4/5 оп")
    assert masha_cell(cast, entered) == ("4/5/оп", 3)
    assert entered.rows[cast.masha.id].average == "4,50"
    assert entered.rows[cast.masha.id].proposed == "5"
    assert list(Mark.objects.order_by("place").values_list("place", "value")) == [(1, "4"), (2, "5")]
    assert AttendanceSign.objects.get().sign == "оп"


def test_emptied_mark_is_a_value_too_and_can_be_filled_again(cast: Cast) -> None:
    enter(cast, "4")
    entered = enter(cast, "", version=1)
    assert masha_cell(cast, entered) == ("", 2)
    assert Mark.objects.get().value == ""
    entered = enter(cast, "3", version=2)
    assert masha_cell(cast, entered) == ("3", 3)
    assert [change.value for change in MarkChange.objects.order_by("version")] == ["4", "", "3"]
    assert list(history_breaks(cast.school.id)) == []


def test_same_key_twice_is_done_once(cast: Cast) -> None:
    key = uuid.uuid4()
    first = enter(cast, "5", key=key)
    again = enter(cast, "5", key=key)
    assert masha_cell(cast, first) == masha_cell(cast, again) == ("5", 1)
    assert MarkChange.objects.count() == 1


def test_same_key_with_another_content_is_refused_and_writes_nothing(cast: Cast) -> None:
    """A8."""
    key = uuid.uuid4()
    enter(cast, "5", key=key)
    others: list[dict[str, object]] = [
        {"text": "4", "version": 1},
        {"text": "5", "student": cast.petya},
        {"text": "5", "lesson": cast.lessons[2]},
        {"text": "5", "reason": "mistake"},
    ]
    for other in others:
        with pytest.raises(KeyReused, match="не записано"):
            enter(cast, str(other.pop("text")), key=key, **other)
    with pytest.raises(KeyReused):
        describe(cast, key=key)
    described = uuid.uuid4()
    describe(cast, key=described, comment="Молодец")
    with pytest.raises(KeyReused):
        describe(cast, key=described, comment="Молодец!")
    assert MarkChange.objects.count() == 2


def test_post_in_the_history_is_the_schools_and_not_of_the_writers_language(cast: Cast) -> None:
    """C13: what is kept for ever does not depend on who reads in which language."""
    enter(cast, "2")
    with translation.override("en"):
        enter(cast, "5", version=1, who="gleb", reason="appeal")
    Staff.objects.filter(user_id=cast.users["gleb"].id).update(user_id=None)
    with translation.override("en"):
        enter(cast, "4", version=2, who="gleb", reason="appeal")
    posts = MarkChange.objects.order_by("version").values_list("changed_by_post", flat=True)
    assert list(posts) == ["Учитель", "Администратор", "Администратор"]


def test_stale_version_is_told_who_and_what_and_writes_nothing(cast: Cast) -> None:
    enter(cast, "5")
    with pytest.raises(CellsChanged) as conflict:
        enter(cast, "2", version=0, who="gleb")
    cell = conflict.value.extra["cells"][0]
    assert (cell["text"], cell["version"]) == ("5", 1)
    assert "Соколова Анна Петровна" in cell["message"]
    assert (cell["who"], cell["is_own"], cell["at"]) == ("Соколова Анна Петровна", False, NOW.isoformat())
    assert MarkChange.objects.count() == 1


@pytest.mark.parametrize("text", ["6", "0", "x", "5/5/5/5/5/5", "н б", "<b>", "'; drop table", "😀", "5" * 40])
def test_text_outside_the_scale_is_refused_by_name(cast: Cast, text: str) -> None:
    with pytest.raises(CellsRefused):
        enter(cast, text)
    assert not Mark.objects.exists()
    assert not AttendanceSign.objects.exists()


@pytest.mark.parametrize(
    ("text", "question", "choices"),
    [
        ("4,5", "«4,5» — одна отметка или две? Дробных отметок нет: две пишут так: 4/5.", ("4/5", "4", "5")),
        ("4.5", "«4.5» — одна отметка или две? Дробных отметок нет: две пишут так: 4/5.", ("4/5", "4", "5")),
        ("y", "«y» — латинская буква: это «н» или «у»? Напишите по-русски.", ("н", "у")),
        ("3,67", "«3,67» — дробных отметок нет. Поставьте целую: от 1 до 5.", None),
    ],
)
def test_doubtful_text_is_asked_about_and_nothing_is_guessed(
    cast: Cast, text: str, question: str, choices: tuple[str, ...] | None
) -> None:
    """F7, F12."""
    with pytest.raises(CellsRefused) as refusal:
        enter(cast, text)
    [cell] = refusal.value.extra["cells"]
    assert (cell["message"], cell.get("choices")) == (question, choices)
    assert not Mark.objects.exists()
    assert not AttendanceSign.objects.exists()


def test_one_bad_cell_of_many_writes_none(cast: Cast) -> None:
    cells = [
        CellEntry(cast.lessons[3].id, cast.masha.id, "5", 0),
        CellEntry(cast.lessons[3].id, cast.petya.id, "9", 0),
    ]
    with pytest.raises(CellsRefused) as refusal, transaction.atomic():
        enter_cells(cast.actor("anna"), course(cast), cells=cells, key=uuid.uuid4())
    assert [cell["student"] for cell in refusal.value.extra["cells"]] == [cast.petya.id]
    assert not Mark.objects.exists()


def test_pupil_of_another_class_cannot_be_marked(cast: Cast) -> None:
    with pytest.raises(CellsRefused, match="не числился"):
        enter(cast, "5", student=cast.kolya_7b)


def test_pupil_cannot_be_marked_before_joining_or_after_leaving(cast: Cast) -> None:
    Enrollment.objects.filter(student_id=cast.masha.id, group_id=cast.class_7a.id).update(until=cast.lessons[3].held_on)
    with pytest.raises(CellsRefused, match="не числился"):
        enter(cast, "5")
    enter(cast, "5", lesson=cast.lessons[2])


def test_closed_period_takes_no_entry(cast: Cast) -> None:
    type(cast.period).objects.filter(id=cast.period.id).update(closed_at=timezone.now())
    with pytest.raises(CellsRefused, match="закрыт"):
        enter(cast, "н")


def test_future_lesson_takes_attendance_but_no_mark(cast: Cast) -> None:
    with pytest.raises(CellsRefused, match="ещё не прошёл"):
        enter(cast, "5", lesson=cast.lessons[5])
    enter(cast, "у", lesson=cast.lessons[5])


def test_first_grade_has_attendance_and_no_marks(cast: Cast) -> None:
    reading = course(cast, cast.reading_1a)
    lesson = reading.lessons.get()
    for text, is_allowed in (("5", False), ("н", True)):
        entry = CellEntry(lesson.id, cast.vanya_1a.id, text, 0)
        if is_allowed:
            enter_cells(cast.actor("vera"), reading, cells=[entry], key=uuid.uuid4())
        else:
            with pytest.raises(CellsRefused, match="В 1 классе"), transaction.atomic():
                enter_cells(cast.actor("vera"), reading, cells=[entry], key=uuid.uuid4())


@pytest.mark.parametrize(
    "who", ["boris", "vera", "zoya", "tikhon", "lena", "masha", "olga", "chuzhoy", "chuzhoy_admin"]
)
def test_nobody_but_the_teacher_and_the_administrator_enters(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        enter(cast, "5", who=who)


def test_administrator_corrects_any_mark_and_that_is_recorded(cast: Cast) -> None:
    enter(cast, "2")
    enter(cast, "5", version=1, who="gleb", reason="appeal")
    assert MarkChange.objects.get(version=2).changed_by_name == "Орлов Глеб Юрьевич"


def test_forged_lesson_of_another_school_is_refused(cast: Cast) -> None:
    with pytest.raises(BadInput):
        enter(cast, "5", lesson=cast.foreign_lesson)


def test_ten_thousand_cells_are_too_many(cast: Cast) -> None:
    cells = [CellEntry(cast.lessons[3].id, uuid.uuid4(), "5", 0)] * (MAX_CELLS + 1)
    with pytest.raises(TooMuch, match="500"):
        enter_cells(cast.actor("anna"), course(cast), cells=cells, key=uuid.uuid4())


def test_statements_do_not_grow_with_cells(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    actor, algebra = cast.actor("anna"), course(cast)
    few = [CellEntry(cast.lessons[0].id, cast.masha.id, "5", 0)]
    many = [
        CellEntry(lesson.id, student.id, "4 н", 0)
        for lesson in cast.lessons[1:4]
        for student in (cast.masha, cast.petya)
    ]
    with django_assert_num_queries(11):
        enter_cells(actor, algebra, cells=few, key=uuid.uuid4())
    with django_assert_num_queries(13):
        enter_cells(actor, algebra, cells=many, key=uuid.uuid4())


def test_new_kind_of_work_reweighs_the_marks_that_took_the_old_one(cast: Cast) -> None:
    enter(cast, "5")
    enter(cast, "3", lesson=cast.lessons[2])
    set_work(cast.actor("anna"), course(cast), lesson=cast.lessons[3], kind_id=cast.test_work.id)
    mark = Mark.objects.get(lesson_id=cast.lessons[3].id)
    assert (mark.weight, mark.version) == (3, 2)
    assert MarkChange.objects.get(mark_id=mark.id, version=2).reason == "kind"
    entered = enter(cast, "5/5", version=2)
    assert entered.rows[cast.masha.id].average == "4,71"  # (5·3 + 5·3 + 3·1) / 7


def test_comment_of_a_mark_is_part_of_its_history(cast: Cast) -> None:
    enter(cast, "5")
    describe_mark(
        cast.actor("anna"),
        course(cast),
        lesson_id=cast.lessons[3].id,
        student_id=cast.masha.id,
        place=1,
        kind_id=cast.answer.id,
        weight=cast.answer.weight,
        comment="Решила у доски",
        reason="",
        version=1,
        key=uuid.uuid4(),
    )
    assert Mark.objects.get().comment == "Решила у доски"
    assert MarkChange.objects.get(version=2).comment == "Решила у доски"
