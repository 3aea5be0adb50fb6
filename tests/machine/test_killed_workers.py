"""A worker is killed in the middle of each kind of job: the job comes back and is done once in effect (A1)."""

from __future__ import annotations

import datetime as dt
import os
import signal
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.plugin import DjangoDbBlocker

from diary.config import schedule
from diary.desks.office.tests.files import new_class, upload
from diary.foundation.access.scope import school_scope
from diary.foundation.audit.models import AuditEvent, AuditSeal
from diary.foundation.core import clock
from diary.foundation.core.models import DoneOnce
from diary.foundation.jobs.models import Task
from diary.foundation.jobs.queues import SLOTS
from diary.foundation.jobs.rescue import rescue
from diary.foundation.post.jobs import send_later
from diary.foundation.post.models import OutboxMessage, OutgoingMessage
from diary.people.notifications.models import Notification
from diary.people.roster.models import Course, ImportRun, Student
from diary.schoolwork.gradebook.actions import CellEntry, enter_cells
from diary.schoolwork.timetable.models import Lesson
from tests.committed import committed_copy, other_connections_closed, signed_in
from tests.people import NOW, Cast

LONG_AGO = NOW - dt.timedelta(days=400)


@dataclass(frozen=True)
class Kind:
    """How a job of this kind comes into the queue, and what is true when it has been done exactly once."""

    queue: Callable[[Cast], None]
    done_once: Callable[[Cast], None]


def enter_a_mark(cast: Cast) -> None:
    with school_scope([cast.school.id]):
        course = Course.objects.select_related("subject", "group", "teacher").get(
            school_id=cast.school.id, id=cast.algebra.id
        )
        cell = CellEntry(cast.lessons[3].id, cast.masha.id, "5", 0)
        enter_cells(cast.actor("anna"), course, cells=[cell], key=uuid.uuid4())


def family_is_told_once(cast: Cast) -> None:
    told = list(Notification.objects.values_list("user__login", flat=True).order_by("user__login"))
    assert told == ["masha", "olga", "pavel"]


def write_a_message(cast: Cast) -> None:
    send_later("email", "olga@example.test", "Код: 123456", subject="Код")


def message_left_once(cast: Cast) -> None:
    assert [one.text for one in OutboxMessage.objects.all()] == ["Код: 123456"]
    assert not OutgoingMessage.objects.exists()


def hand_over_files(cast: Cast) -> None:
    browser = signed_in(Client(), cast.users["gleb"])
    assert browser.post("/office/import/", {"uploaded": [upload(new_class())]}).status_code == 302


def files_are_checked_and_nothing_is_loaded(cast: Cast) -> None:
    run = ImportRun.objects.select_related("check_task").get()
    assert run.check_task.state == Task.State.DONE
    assert run.report is not None
    assert run.plan["counts"]["students"]["created"] == len(new_class()["Ученики"]) - 1
    assert not Student.objects.filter(last_name="Новый").exists()


def load_files(cast: Cast) -> None:
    hand_over_files(cast)
    work_off("long")
    with school_scope([cast.school.id]):
        run_id = ImportRun.objects.get().id
    browser = signed_in(Client(), cast.users["gleb"])
    assert browser.post(f"/office/import/{run_id}/load/").status_code == 302


def files_are_loaded_once(cast: Cast) -> None:
    run = ImportRun.objects.select_related("load_task").get()
    expected = len(new_class()["Ученики"]) - 1
    assert run.load_task is not None
    assert run.load_task.state == Task.State.DONE
    assert run.outcome["counts"]["students"]["created"] == expected, (
        "what was done, not what was left to do the second time"
    )
    assert Student.objects.filter(last_name="Новый").count() == expected


def put_lessons_on_dates(cast: Cast) -> None:
    browser = signed_in(Client(), cast.users["zoya"])
    assert browser.post("/office/lessons/").status_code == 302


def lessons_are_on_dates_once(cast: Cast) -> None:
    lessons = list(Lesson.objects.values_list("course_id", "held_on", "number"))
    assert len(lessons) == len(set(lessons))
    task = Task.objects.get(kind="office.lay_out_lessons")
    assert task.state == Task.State.DONE
    assert "Поставлен" in task.message
    assert ": 0." not in task.message


def seal(cast: Cast) -> None:
    enter_a_mark(cast)
    ProcrastinateJob.objects.all().delete()
    schedule.seal_audit.defer(timestamp=0)


def log_is_sealed_once(cast: Cast) -> None:
    assert AuditSeal.objects.get().event_ids == list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


def use_keys(cast: Cast) -> None:
    for age in (LONG_AGO, clock.now()):
        one = DoneOnce.objects.create(user_id=1, key=uuid.uuid4())
        DoneOnce.objects.filter(id=one.id).update(done_at=age)
    schedule.forget_idempotency_keys.defer(timestamp=0)


def old_keys_are_gone(cast: Cast) -> None:
    assert DoneOnce.objects.count() == 1


def leave_an_unsent_message(cast: Cast) -> None:
    for expires in (LONG_AGO, clock.now() + dt.timedelta(hours=1)):
        OutgoingMessage.objects.create(kind="sms", address="+79990000000", text="Код", expires_at=expires)
    schedule.forget_what_the_door_needs_no_more.defer(timestamp=0)


def old_messages_are_gone(cast: Cast) -> None:
    assert OutgoingMessage.objects.count() == 1


def leave_old_files(cast: Cast) -> None:
    hand_over_files(cast)
    work_off("long")
    with school_scope([cast.school.id]):
        ImportRun.objects.update(created_at=LONG_AGO)
    schedule.forget_handed_over_files.defer(timestamp=0)


def old_files_are_gone(cast: Cast) -> None:
    assert not ImportRun.objects.exists()
    assert not Task.objects.exists()


def leave_a_trace_of_a_dead_worker(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [LONG_AGO])
    schedule.forget_failed_jobs.defer(timestamp=0)


def traces_are_gone(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat = %s", [LONG_AGO])
        assert cursor.fetchone() == (0,)


KINDS = {
    "gradebook.announce": Kind(enter_a_mark, family_is_told_once),
    "post.send_message": Kind(write_a_message, message_left_once),
    "office.check_import": Kind(hand_over_files, files_are_checked_and_nothing_is_loaded),
    "office.load_import": Kind(load_files, files_are_loaded_once),
    "office.lay_out_lessons": Kind(put_lessons_on_dates, lessons_are_on_dates_once),
    "audit.seal": Kind(seal, log_is_sealed_once),
    "core.forget_keys": Kind(use_keys, old_keys_are_gone),
    "accounts.forget": Kind(leave_an_unsent_message, old_messages_are_gone),
    "roster.forget_imports": Kind(leave_old_files, old_files_are_gone),
    "jobs.forget": Kind(leave_a_trace_of_a_dead_worker, traces_are_gone),
}


def our_tasks() -> dict[str, Any]:
    import_module("diary.config.schedule")
    return {name: task for name, task in app.tasks.items() if not name.startswith(("builtin:", "procrastinate."))}


def test_every_kind_of_job_is_killed_here() -> None:
    assert set(our_tasks()) == set(KINDS)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_job_names_its_queue_and_when_it_is_tried_again(name: str) -> None:
    task = our_tasks()[name]
    assert task.queue in SLOTS
    assert task.retry_strategy is not None


@pytest.fixture
def committed(_cast: Cast, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})  # the clock queues nothing beside
    with django_db_blocker.unblock(), committed_copy("killed"):
        yield _cast


@pytest.mark.parametrize("name", sorted(KINDS))
def test_job_of_a_killed_worker_is_done_exactly_once(committed: Cast, name: str) -> None:
    kind = KINDS[name]
    kind.queue(committed)
    job = ProcrastinateJob.objects.get(task_name=name)
    for moment in (killed_after_the_first_write, killed_before_the_word_that_it_is_done):
        assert killed(moment, job.queue_name), f"{moment.__name__}: the worker was not killed"
        assert ProcrastinateJob.objects.get(task_name=name).status == "doing"
        assert rescue(0.0).waiting == 1
    work_off(job.queue_name)
    assert not ProcrastinateJob.objects.filter(task_name=name).exists()
    with school_scope([committed.school.id]):
        kind.done_once(committed)


def killed_after_the_first_write(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    def die(execute: Any, sql: Any, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if str(sql).lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(die):
        return call_next()


def killed_before_the_word_that_it_is_done(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    call_next()
    os.kill(os.getpid(), signal.SIGKILL)


def killed(moment: Callable[..., Any], queue: str) -> bool:
    """Whether a worker process was killed at that moment of its first job."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            run_worker(queue, task_middleware=[moment])
        finally:
            os._exit(3)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def work_off(queue: str) -> None:
    with other_connections_closed():
        run_worker(queue)


def run_worker(queue: str, **more: Any) -> None:
    """One worker, until nothing is left to do."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        working.run_worker(
            queues=[queue],
            wait=False,
            listen_notify=False,
            install_signal_handlers=False,
            concurrency=1,
            delete_jobs="successful",
            **more,
        )
