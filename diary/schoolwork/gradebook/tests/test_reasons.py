"""Changing what stands: reasons, conflicts, kinds and weights, a mark over a sign (M9, W5–W7)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import transaction

from diary.foundation.audit.histories import history_breaks
from diary.foundation.core import clock
from diary.schoolwork.gradebook.actions import (
    CellEntry,
    CellsChanged,
    CellsRefused,
    describe_mark,
    enter_cells,
    set_work,
)
from diary.schoolwork.gradebook.models import Mark, MarkChange, WorkKind
from diary.schoolwork.gradebook.tests.test_actions import course, describe, enter, masha_cell
from tests.people import NOW, Cast


def test_change_of_a_standing_mark_needs_a_reason_after_five_minutes(cast: Cast) -> None:
    enter(cast, "4")
    with clock.fixed(NOW + dt.timedelta(minutes=6)):
        with pytest.raises(CellsRefused) as refusal:
            enter(cast, "5", version=1)
        assert refusal.value.extra["cells"][0]["need_reason"] is True
        entered = enter(cast, "5", version=1, reason="recheck")
    assert masha_cell(cast, entered) == ("5", 2)
    last = MarkChange.objects.get(version=2)
    assert (last.old_value, last.value, last.reason) == ("4", "5", "recheck")
    assert bytes(last.previous_hash) == bytes(MarkChange.objects.get(version=1).hash)


def test_own_slip_and_undo_state_their_reason_themselves(cast: Cast) -> None:
    enter(cast, "4")
    enter(cast, "5", version=1)
    with clock.fixed(NOW + dt.timedelta(minutes=30)):
        enter(cast, "4", version=2, reason="undo")
    assert list(MarkChange.objects.order_by("version").values_list("reason", flat=True)) == ["first", "slip", "undo"]


def test_second_window_of_the_same_person_is_told_what_the_cell_became(cast: Cast) -> None:
    """W7: in a conflict, and where the mark itself must be explained."""
    enter(cast, "5")
    with pytest.raises(CellsChanged) as conflict:
        enter(cast, "2", version=0)
    [cell] = conflict.value.extra["cells"]
    assert (cell["text"], cell["version"], cell["is_own"]) == ("5", 1, True)
    assert "сейчас там «5» (вы, в другом окне" in cell["message"]
    with clock.fixed(NOW + dt.timedelta(hours=1)), pytest.raises(CellsRefused) as question:
        enter(cast, "2", version=1)
    [cell] = question.value.extra["cells"]
    assert (cell["need_reason"], cell["text"], cell["version"], cell["is_own"]) == (True, "5", 1, True)
    assert "Уже стоит «5» (вы, 14 октября, 12:00)" in cell["message"]


def test_all_cells_that_need_a_reason_are_asked_about_at_once(cast: Cast) -> None:
    enter(cast, "5")
    enter(cast, "4", student=cast.petya)
    cells = [CellEntry(cast.lessons[3].id, one.id, "3", 1) for one in (cast.masha, cast.petya)]
    with clock.fixed(NOW + dt.timedelta(hours=1)), pytest.raises(CellsRefused) as question, transaction.atomic():
        enter_cells(cast.actor("anna"), course(cast), cells=cells, key=uuid.uuid4())
    asked = {cell["student"]: cell["text"] for cell in question.value.extra["cells"]}
    assert asked == {cast.masha.id: "5", cast.petya.id: "4"}


@pytest.mark.parametrize("changed", [{"weight": Decimal(3)}, {"kind": "test_work"}])
def test_new_weight_or_kind_of_a_standing_mark_needs_a_reason(cast: Cast, changed: dict[str, object]) -> None:
    """W6: the average moves as it does with another value."""
    values = {"weight": changed["weight"]} if "weight" in changed else {"kind_id": cast.test_work.id}
    enter(cast, "5")
    with clock.fixed(NOW + dt.timedelta(hours=1)):
        for reason in ("", "undo", "slip", "recheck"):
            with pytest.raises(CellsRefused) as question:
                describe(cast, reason=reason, **values)
        [cell] = question.value.extra["cells"]
        assert [code for code, _label in cell["reasons"]] == ["kind", "mistake", "appeal"]
        assert Mark.objects.get().version == 1
        describe(cast, reason="mistake", **values)
    assert MarkChange.objects.get(version=2).reason == "mistake"


def test_history_keeps_kind_weight_and_comment_before_and_after(cast: Cast) -> None:
    """W6: under the names that the kinds had then."""
    enter(cast, "5")
    describe(cast, comment="Решила у доски")
    describe(cast, version=2, kind_id=cast.test_work.id, weight=Decimal(3), comment="Списала")
    WorkKind.objects.filter(id=cast.test_work.id).update(name="Срез")
    first, second, third = MarkChange.objects.order_by("version")
    assert (first.old_kind_name, first.kind_name, first.old_comment) == ("", cast.answer.name, "")
    assert (second.old_kind_name, second.old_comment, second.comment) == (cast.answer.name, "", "Решила у доски")
    assert (third.old_kind_name, third.kind_name) == (cast.answer.name, cast.test_work.name)
    assert (third.old_weight, third.weight) == (1, 3)
    assert (third.old_comment, third.comment, third.reason) == ("Решила у доски", "Списала", "kind")
    assert list(history_breaks(cast.school.id)) == []


def test_lesson_with_standing_marks_changes_its_kind_for_a_reason_only(cast: Cast) -> None:
    """W6."""
    enter(cast, "5")
    work = {"lesson": cast.lessons[3], "kind_id": cast.test_work.id}
    with clock.fixed(NOW + dt.timedelta(hours=1)):
        with pytest.raises(CellsRefused), transaction.atomic():
            set_work(cast.actor("anna"), course(cast), **work)
        assert Mark.objects.get().kind_id == cast.answer.id
        assert set_work(cast.actor("anna"), course(cast), reason="kind", **work) == 1


@pytest.mark.parametrize(
    ("typed", "text"),
    [("4", "4/б"), ("4/5", "4/5/б"), ("4/н", "4/н"), ("н", "н"), ("", "")],
)
def test_mark_typed_over_a_sign_leaves_the_sign(cast: Cast, typed: str, text: str) -> None:
    """W5: an absence never goes in silence; another sign, or nothing, replaces it."""
    enter(cast, "б")
    assert masha_cell(cast, enter(cast, typed, version=1))[0] == text


def test_sign_beside_a_mark_stays_until_it_is_taken_away_itself(cast: Cast) -> None:
    """W5: another mark keeps it; the same mark without it, or an undone step, takes it away."""
    version = 0
    for typed, reason, text in (
        ("б", "", "б"),
        ("4", "", "4/б"),
        ("5", "", "5/б"),
        ("5", "", "5"),
        ("5/б", "", "5/б"),
        ("4", "undo", "4"),
    ):
        shown, version = masha_cell(cast, enter(cast, typed, version=version, reason=reason))
        assert shown == text


def test_comment_or_new_weight_does_not_renew_the_right_to_a_slip(cast: Cast) -> None:
    enter(cast, "5")
    later = NOW + dt.timedelta(hours=2)
    with clock.fixed(later):
        describe_mark(
            cast.actor("anna"),
            course(cast),
            lesson_id=cast.lessons[3].id,
            student_id=cast.masha.id,
            place=1,
            kind_id=cast.answer.id,
            weight=cast.answer.weight,
            comment="Молодец",
            reason="",
            version=1,
            key=uuid.uuid4(),
        )
        with pytest.raises(CellsRefused):
            enter(cast, "2", version=2)
        with pytest.raises(CellsRefused):
            enter(cast, "2", version=2, reason="undo")
        set_work(cast.actor("anna"), course(cast), lesson=cast.lessons[3], kind_id=cast.test_work.id, reason="kind")
        with pytest.raises(CellsRefused):
            enter(cast, "2", version=3)


def test_one_slip_after_another_ends_with_the_five_minutes(cast: Cast) -> None:
    enter(cast, "5")
    with clock.fixed(NOW + dt.timedelta(minutes=4)):
        enter(cast, "4", version=1)
    with clock.fixed(NOW + dt.timedelta(minutes=8)), pytest.raises(CellsRefused):
        enter(cast, "3", version=2)


def test_nobody_corrects_the_mark_of_another_as_a_slip(cast: Cast) -> None:
    enter(cast, "5")
    with pytest.raises(CellsRefused):
        enter(cast, "2", version=1, who="gleb")
