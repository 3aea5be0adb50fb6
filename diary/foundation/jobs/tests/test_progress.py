"""Long work: told as it goes, stopped between two steps, ended in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import OperationalError, transaction

from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.jobs.models import STALLED_AFTER, Task
from diary.foundation.jobs.progress import Progress, carry_out
from diary.foundation.jobs.retrying import StillAtIt
from tests.committed import elsewhere
from tests.people import NOW, Cast


def task(cast: Cast) -> Task:
    with school_scope([cast.school.id]):
        return Task.objects.create(school_id=cast.school.id, user_id=1, kind="tests", title="Работа")


def again(one: Task) -> Task:
    with school_scope([one.school_id]):
        return Task.objects.get(school_id=one.school_id, id=one.id)


def ask_to_stop(one: Task) -> int:
    def ask() -> int:
        with school_scope([one.school_id]):
            return Task.objects.filter(school_id=one.school_id, id=one.id).ask_to_stop()

    return elsewhere(ask)


def test_work_is_told_while_it_goes_and_after_it(committed: Cast) -> None:
    one = task(committed)
    seen = []

    def work(progress: Progress) -> None:
        progress(3, 10, "Читаем файл")
        seen.append(again(one))

    carry_out(one.school_id, one.id, work)
    assert (seen[0].state, seen[0].done, seen[0].total, seen[0].message) == ("running", 3, 10, "Читаем файл")
    ended = again(one)
    assert (ended.state, ended.done, ended.is_going) == ("done", 10, False)
    assert ended.finished_at is not None


def test_work_that_was_asked_to_stop_stops_at_its_next_word(committed: Cast) -> None:
    one = task(committed)
    steps = []

    def work(progress: Progress) -> None:
        for step in range(3):
            progress(step, 3, f"Шаг {step}")
            steps.append(step)
            assert ask_to_stop(one) == (1 if step == 0 else 0)

    carry_out(one.school_id, one.id, work)
    assert steps == [0]
    assert again(one).state == "stopped"


def test_work_that_nobody_has_begun_is_stopped_at_once_and_never_begins(committed: Cast) -> None:
    one = task(committed)
    assert ask_to_stop(one) == 1
    carry_out(one.school_id, one.id, lambda progress: pytest.fail("begun"))
    assert again(one).state == "stopped"
    assert ask_to_stop(one) == 0


def test_work_is_carried_out_once(committed: Cast) -> None:
    one = task(committed)
    carry_out(one.school_id, one.id, lambda progress: None)
    carry_out(one.school_id, one.id, lambda progress: pytest.fail("again"))


def test_word_that_work_is_done_and_what_it_wrote_are_one_transaction(committed: Cast) -> None:
    """A worker killed after its work and before that word would do the work again (A1)."""
    one = task(committed)

    def work(progress: Progress) -> None:
        progress(1, 1, "Пишем")
        transaction.on_commit(lambda: states.append(elsewhere(lambda: again(one)).state))
        states.append(elsewhere(lambda: again(one)).state)

    states: list[str] = []
    carry_out(one.school_id, one.id, work)
    assert states == ["running", "done"]


def test_work_of_a_killed_worker_is_taken_up_again(committed: Cast) -> None:
    one = task(committed)

    def die(progress: Progress) -> None:
        progress(1, 3, "Начато")
        raise OperationalError("the server closed the connection unexpectedly")

    with pytest.raises(OperationalError):
        carry_out(one.school_id, one.id, die)
    assert again(one).state == "running"
    carry_out(one.school_id, one.id, lambda progress: "Готово")
    assert (again(one).state, again(one).message) == ("done", "Готово")


def test_work_of_a_killed_worker_that_was_asked_to_stop_is_not_taken_up(committed: Cast) -> None:
    one = task(committed)

    def die(progress: Progress) -> None:
        assert ask_to_stop(one) == 1
        raise OperationalError("the server closed the connection unexpectedly")

    with pytest.raises(OperationalError):
        carry_out(one.school_id, one.id, die)
    carry_out(one.school_id, one.id, lambda progress: pytest.fail("begun again"))
    assert again(one).state == "stopped"


def test_work_is_never_done_by_two_at_once(committed: Cast) -> None:
    """A worker that stood still is believed dead, and wakes."""
    one = task(committed)

    def work(progress: Progress) -> None:
        with pytest.raises(StillAtIt):
            elsewhere(lambda: carry_out(one.school_id, one.id, lambda progress: pytest.fail("twice")))

    carry_out(one.school_id, one.id, work)
    assert again(one).state == "done"


def test_progress_sets_its_scope_for_each_statement(committed: Cast) -> None:
    """A setting of the session is lost on Citus and behind a pool of connections (S3)."""
    one = task(committed)
    statements: list[str] = []

    def record(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    def work(progress: Progress) -> None:
        own = progress._own
        with own.execute_wrapper(record):
            progress(1, 2, "Раз")
        with own.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.school_ids', true)")
            assert cursor.fetchone()[0] in (None, "")

    carry_out(one.school_id, one.id, work)
    assert statements[0] == f"SET LOCAL app.school_ids = '{one.school_id}'"


def test_refusal_is_told_to_the_person(committed: Cast) -> None:
    one = task(committed)

    def work(progress: Progress) -> None:
        raise BadInput("В файле нет ни одной строки.")

    carry_out(one.school_id, one.id, work)
    ended = again(one)
    assert (ended.state, ended.message) == ("failed", "В файле нет ни одной строки.")


def test_mistake_of_ours_is_told_without_details_and_raised_again(committed: Cast) -> None:
    one = task(committed)
    with pytest.raises(ZeroDivisionError):
        carry_out(one.school_id, one.id, lambda progress: 1 / 0)  # type: ignore[arg-type, return-value]
    ended = again(one)
    assert ended.state == "failed"
    assert "ничего не записано" in ended.message
    assert "zero" not in ended.message


def test_task_of_another_school_is_out_of_reach(committed: Cast) -> None:
    one = task(committed)
    carry_out(committed.other_school.id, one.id, lambda progress: pytest.fail("begun"))
    assert again(one).state == "waiting"


def test_worker_that_fell_silent_is_seen() -> None:
    quiet = Task(state=Task.State.RUNNING, created_at=NOW, beat_at=NOW)
    with clock.fixed(NOW + STALLED_AFTER):
        assert quiet.is_going
    with clock.fixed(NOW + STALLED_AFTER + dt.timedelta(seconds=1)):
        assert quiet.is_stalled
        assert not quiet.is_going


def test_tasks_are_seen_in_ones_own_schools(cast: Cast) -> None:
    Task.objects.create(school_id=cast.school.id, user_id=1, kind="tests", title="Работа")
    assert Task.objects.visible_to(cast.actor("gleb")).count() == 1
    assert not Task.objects.visible_to(cast.actor("chuzhoy_admin")).exists()
