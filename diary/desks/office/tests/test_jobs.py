"""An import from the first file to the last row, from the queue: checked, loaded, stopped, killed."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.desks.office.tests.files import new_class, upload
from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.foundation.jobs.models import Task
from diary.people.roster.forgetting import forget_imports
from diary.people.roster.models import ImportRun, Student
from diary.schoolwork.timetable.models import Lesson
from tests.committed import signed_in
from tests.people import NOW, Cast


def work_off() -> list[Exception]:
    """Do what waits in the queue, as a worker does; gives what went wrong."""
    wrong: list[Exception] = []
    for job in list(ProcrastinateJob.objects.filter(queue_name="long", status="todo").order_by("id")):
        try:
            app.tasks[job.task_name](**job.args)
        except Exception as error:  # noqa: BLE001 (a worker survives anything)
            wrong.append(error)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.id])
    return wrong


def browser(cast: Cast, login: str = "gleb") -> Client:
    return signed_in(Client(), cast.users[login])


def hand_over(client: Client, sheets: dict[str, Any]) -> str:
    """Upload the files; gives the address of the run."""
    answer = client.post("/office/import/", {"uploaded": [upload(sheets)]})
    assert answer.status_code == 302
    return str(answer["Location"])


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def newcomers(cast: Cast) -> int:
    with school_scope([cast.school.id]):
        return Student.objects.filter(last_name="Новый").count()


def run_of(cast: Cast) -> ImportRun:
    with school_scope([cast.school.id]):
        return ImportRun.objects.select_related("check_task", "load_task").latest("created_at")


def until(is_true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_files_are_checked_then_loaded(committed: Cast) -> None:
    client = browser(committed)
    address = hand_over(client, new_class())
    assert "Ждёт очереди" in text(client, address)
    work_off()
    checked = text(client, address)
    assert "Ошибок нет" in checked
    assert '<th scope="row">ученики</th><td class="number">3</td>' in checked
    assert newcomers(committed) == 0
    assert client.post(f"{address}load/").status_code == 302
    assert "Загрузка" in text(client, address)
    work_off()
    assert "Всё записано" in text(client, address)
    assert newcomers(committed) == 3


def test_same_files_again_promise_nothing_new(committed: Cast) -> None:
    client = browser(committed)
    for _time in range(2):
        address = hand_over(client, new_class())
        work_off()
        client.post(f"{address}load/")
        work_off()
    with school_scope([committed.school.id]):
        outcomes = [run.outcome["counts"]["students"] for run in ImportRun.objects.order_by("id")]
    assert [one["created"] for one in outcomes] == [3, 0]
    assert outcomes[1] == {"created": 0, "changed": 0, "unchanged": 3, "skipped": 0}


def test_files_with_errors_cannot_be_loaded(committed: Cast) -> None:
    client = browser(committed)
    sheets = new_class()
    sheets["Ученики"][2][2] = "31.02.2012"
    address = hand_over(client, sheets)
    work_off()
    page = text(client, address)
    assert "В файлах есть ошибки" in page
    assert "строка 3, столбец «Дата рождения»" in page
    assert client.post(f"{address}load/").status_code == 409
    report = client.get(f"{address}report.csv").getvalue().decode("utf-8-sig")
    assert "ошибка;Ученики.csv;3;Дата рождения;" in report
    assert newcomers(committed) == 0


def test_import_is_loaded_once(committed: Cast) -> None:
    client = browser(committed)
    address = hand_over(client, new_class())
    work_off()
    assert client.post(f"{address}load/").status_code == 302
    assert client.post(f"{address}load/").status_code == 409
    work_off()
    assert client.post(f"{address}load/").status_code == 409


def test_stopped_before_its_turn_it_never_begins(committed: Cast) -> None:
    client = browser(committed)
    address = hand_over(client, new_class())
    client.post(f"{address}stop/")
    work_off()
    assert "Остановлено" in text(client, address)
    assert run_of(committed).report is None


def test_progress_is_seen_and_stopping_leaves_nothing(committed: Cast) -> None:
    client = browser(committed)
    address = hand_over(client, new_class(900))
    work_off()
    client.post(f"{address}load/")
    seen: set[str] = set()

    def load() -> None:
        with clock.fixed(NOW):
            work_off()
        connection.close()

    def is_writing() -> bool:
        seen.add(client.get(f"{address}progress/").content.decode())
        return run_of(committed).load_task.message.startswith("Записываю")  # type: ignore[union-attr]

    worker = threading.Thread(target=load)
    worker.start()
    until(is_writing)
    assert newcomers(committed) == 0, "its transaction is still open"
    client.post(f"{address}stop/")
    worker.join(30)
    assert run_of(committed).load_task.state == Task.State.STOPPED  # type: ignore[union-attr]
    assert "Вы остановили работу. В дневник ничего не записано" in text(client, address)
    assert any("data-going" in one for one in seen)
    assert newcomers(committed) == 0


def test_killed_worker_leaves_nothing_and_the_page_says_so(committed: Cast) -> None:
    client = browser(committed)
    address = hand_over(client, new_class(900))
    work_off()
    client.post(f"{address}load/")
    job = ProcrastinateJob.objects.filter(task_name="office.load_import").latest("id")
    code = (
        f"import django; django.setup()\nfrom diary.desks.office.jobs import load_import\nload_import(**{job.args!r})"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], env=_environment())
    until(lambda: run_of(committed).load_task.message.startswith("Записываю"), 40)  # type: ignore[union-attr]
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(10)
    assert newcomers(committed) == 0
    beat = run_of(committed).load_task.beat_at  # type: ignore[union-attr]
    with clock.fixed((beat or NOW) + dt.timedelta(minutes=6)):
        client = browser(committed)
        page = text(client, address)
        assert "Прервано" in page
        assert "ничего не записано" in page
        assert client.post(f"{address}load/").status_code == 302, "and it may be started again"
    work_off()
    assert newcomers(committed) == 900


def _environment() -> dict[str, str]:
    place = connection.settings_dict
    address = f"postgresql://{place['USER']}:{place['PASSWORD']}@/{place['NAME']}?host={place['HOST']}"
    return {**os.environ, "DATABASE_URL": address, "PYTHONPATH": os.getcwd()}


def test_work_whose_starter_has_lost_the_role_does_nothing(committed: Cast) -> None:
    client = browser(committed)
    hand_over(client, new_class())
    committed.users["gleb"].role_grants.all().delete()
    assert len(work_off()) == 1
    run = run_of(committed)
    assert run.report is None
    assert run.check_task.state == Task.State.FAILED


def test_files_are_forgotten_after_a_day(committed: Cast) -> None:
    hand_over(browser(committed), new_class())
    assert forget_imports() == 0
    with clock.fixed(NOW + dt.timedelta(hours=25)):
        assert forget_imports() == 1
    with school_scope([committed.school.id]):
        assert ImportRun.objects.count() == Task.objects.count() == 0


def test_weekly_timetable_is_put_on_dates_once(committed: Cast) -> None:
    client = browser(committed, "zoya")
    before = lessons_of(committed)
    assert "строк: 3" in text(client, "/office/lessons/")
    assert client.post("/office/lessons/").status_code == 302
    assert client.post("/office/lessons/").status_code == 409, "it is going already"
    assert "data-going" in text(client, "/office/lessons/progress/")
    assert work_off() == []
    page = text(client, "/office/lessons/")
    assert re.search(r"Поставлен[оы]? \d+ урок", page)
    after = lessons_of(committed)
    assert after > before
    client.post("/office/lessons/")
    work_off()
    assert "Поставлено 0 уроков" in text(client, "/office/lessons/")
    assert lessons_of(committed) == after


def lessons_of(cast: Cast) -> int:
    with school_scope([cast.school.id]):
        return Lesson.objects.filter(course_id=cast.algebra.id).count()
