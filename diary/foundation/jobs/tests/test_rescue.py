"""What dead workers leave behind comes back; what cannot be done ends in words (A1)."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django import app

import diary.config.schedule  # noqa: F401 (the periodic tasks are known by their names)
from diary.foundation.jobs.models import Task
from diary.foundation.jobs.rescue import TIMES, forget_failed, rescue
from tests.people import Cast


def execute(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


def worker(silent_for: int) -> int:
    """A worker that gave its last sign so many seconds ago."""
    return int(
        execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))"
            " RETURNING id",
            silent_for,
        )
    )


def job(worker_id: int | None, *, attempts: int = 0, **arguments: str) -> int:
    """A job that this worker has begun."""
    job_id = app.tasks["jobs.forget"].configure(task_kwargs=arguments).defer()
    execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
        worker_id,
        attempts,
        job_id,
    )
    return int(job_id)


def status(job_id: int) -> str:
    return str(execute("SELECT status FROM procrastinate_jobs WHERE id = %s", job_id))


def test_jobs_of_the_dead_come_back_and_those_of_the_living_stay(db: None) -> None:
    lost, forgotten, alive = job(worker(21)), job(None), job(worker(19))
    found = rescue(20)
    assert (found.waiting, found.given_up) == (2, 0)
    assert [status(one) for one in (lost, forgotten, alive)] == ["todo", "todo", "doing"]


def test_job_that_ends_every_worker_is_given_up_and_told(db: None, caplog: pytest.LogCaptureFixture) -> None:
    one = job(worker(60), attempts=TIMES)
    assert rescue(20).given_up == 1
    assert status(one) == "failed"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_job_whose_twin_waits_is_let_go(db: None) -> None:
    one = job(worker(60))
    execute("UPDATE procrastinate_jobs SET queueing_lock = 'seal' WHERE id = %s", one)
    twin = app.tasks["jobs.forget"].configure(queueing_lock="seal").defer(timestamp=0)
    rescue(20)
    assert (status(one), status(twin)) == ("aborted", "todo")


def test_whoever_waits_for_a_failed_job_reads_so(cast: Cast) -> None:
    task = Task.objects.create(school=cast.school, user_id=1, kind="tests", title="Работа", state=Task.State.RUNNING)
    job(worker(60), attempts=TIMES, school_id=str(cast.school.id), task_id=str(task.id), language="en")
    rescue(20)
    task.refresh_from_db()
    assert task.state == Task.State.FAILED
    assert "nothing was saved" in task.message


def test_task_that_ended_well_keeps_its_end(cast: Cast) -> None:
    task = Task.objects.create(school=cast.school, user_id=1, kind="tests", title="Работа", state=Task.State.DONE)
    job(worker(60), attempts=TIMES, school_id=str(cast.school.id), task_id=str(task.id), language="ru")
    rescue(20)
    task.refresh_from_db()
    assert task.state == Task.State.DONE


def test_failed_jobs_are_kept_for_a_month(db: None) -> None:
    new, old = job(worker(60), attempts=TIMES), job(worker(60), attempts=TIMES)
    rescue(20)
    execute("UPDATE procrastinate_events SET at = at - interval '31 days' WHERE job_id = %s", old)
    forget_failed()
    assert status(new) == "failed"
    assert execute("SELECT count(*) FROM procrastinate_jobs WHERE id = %s", old) == 0


def test_check_tells_of_failed_and_late_jobs_and_of_missing_workers(db: None) -> None:
    with pytest.raises(CommandError, match="no worker"):
        call_command("check_jobs")
    worker(0)
    call_command("check_jobs")
    job(worker(70), attempts=TIMES)
    rescue(20)
    with pytest.raises(CommandError, match=r"failed: jobs.forget 1 \(the last is job \d+\)"):
        call_command("check_jobs")
    execute("DELETE FROM procrastinate_jobs")
    late = app.tasks["jobs.forget"].configure(schedule_in={"seconds": -61}).defer(timestamp=0)
    with pytest.raises(CommandError, match="more than a minute: 1 in the queue upkeep"):
        call_command("check_jobs")
    assert status(late) == "todo"
