"""The worker as a process: takes up what a dead one left, keeps the queues apart, ends when asked (A1, A2)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.plugin import DjangoDbBlocker

from diary.foundation.access.scope import school_scope
from diary.foundation.jobs.models import Task
from diary.people.notifications.models import Notification
from tests.committed import as_owner, committed_copy, database_name, signed_in
from tests.machine.test_killed_workers import enter_a_mark
from tests.people import Cast

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def committed(_cast: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), committed_copy("worker"):
        yield _cast


@pytest.fixture
def start(committed: Cast) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker whose death is believed after two seconds."""
    started: list[subprocess.Popen[bytes]] = []

    def one() -> subprocess.Popen[bytes]:
        address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database_name('worker')}"))
        command = [sys.executable, "manage.py", "run_worker", "--dead-after", "2"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address}))
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.wait()


def until(is_true: Callable[[], bool], seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.05)


def family_is_told(cast: Cast) -> bool:
    with school_scope([cast.school.id]):
        return Notification.objects.count() == 3


def test_worker_takes_up_what_a_killed_one_left(committed: Cast, start: Callable[[], subprocess.Popen[bytes]]) -> None:
    with as_owner(database_name("worker")) as owner:
        owner.execute("LOCK TABLE notifications_notification IN SHARE MODE")
        first = start()
        enter_a_mark(committed)
        until(lambda: ProcrastinateJob.objects.filter(task_name="gradebook.announce", status="doing").exists())
        first.kill()
        first.wait()
    assert not family_is_told(committed)
    second = start()
    until(lambda: family_is_told(committed))
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0


def test_urgent_work_passes_long_work(committed: Cast, start: Callable[[], subprocess.Popen[bytes]]) -> None:
    browser = signed_in(Client(), committed.users["zoya"])
    with as_owner(database_name("worker")) as owner:
        owner.execute("LOCK TABLE timetable_lesson IN SHARE MODE")
        assert browser.post("/office/lessons/").status_code == 302
        start()
        until(lambda: ProcrastinateJob.objects.filter(queue_name="long", status="doing").exists())
        enter_a_mark(committed)
        until(lambda: family_is_told(committed))
        with school_scope([committed.school.id]):
            assert Task.objects.get().state == Task.State.RUNNING
    until(lambda: not ProcrastinateJob.objects.filter(queue_name="long").exists())
    with school_scope([committed.school.id]):
        assert Task.objects.get().state == Task.State.DONE


def test_worker_ends_when_its_database_is_lost(committed: Cast, start: Callable[[], subprocess.Popen[bytes]]) -> None:
    """Whoever watches over it starts it again; a worker that lives on without a heartbeat would do each job twice."""
    worker = start()
    until(_has_a_heart)
    with as_owner("postgres") as owner, connection.cursor() as cursor:
        owner.autocommit = True
        owner.execute(f'ALTER DATABASE "{database_name("worker")}" ALLOW_CONNECTIONS false')
        try:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert worker.wait(60) != 0
        finally:
            owner.execute(f'ALTER DATABASE "{database_name("worker")}" ALLOW_CONNECTIONS true')


def _has_a_heart() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return bool(cursor.fetchone()[0] >= 3)
