"""Long work: told as it goes, stopped between two steps, ended in words."""

from __future__ import annotations

import datetime as dt

import pytest

from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.jobs.models import STALLED_AFTER, Task
from diary.foundation.jobs.progress import Progress, carry_out
from tests.people import NOW, Cast


def task(cast: Cast) -> Task:
    with school_scope([cast.school.id]):
        return Task.objects.create(school_id=cast.school.id, user_id=1, kind="tests", title="Работа")


def again(one: Task) -> Task:
    with school_scope([one.school_id]):
        return Task.objects.get(school_id=one.school_id, id=one.id)


def ask_to_stop(one: Task) -> int:
    with school_scope([one.school_id]):
        return Task.objects.filter(school_id=one.school_id, id=one.id).ask_to_stop()


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
