"""`make run`: database, tables, demo school, then the web server and the background worker under watch."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from start import postgres
from start.checkout import ROOT, Problem, last_lines, say, secret_key, warn
from start.children import Child
from start.door import Door, door
from start.portal import Portal, portal
from start.running import AlreadyRunning, only_here, running
from start.serve import server_command
from start.signals import finish_undisturbed, stop_in_order
from start.steps import Steps, as_owner, manage, manage_quietly, prepare_pages

_ANALYZE = "from django.db import connection; connection.cursor().execute('ANALYZE')"
_PORT_PATIENCE = 90.0
_STOP_PATIENCE = 12.0
_WATCH_EVERY = 0.5
_DATABASE_LOOK_EVERY = 5.0


def run(entrance: Door) -> None:
    entrance.must_be_free()
    steps = Steps(6)
    environment = _set_up(steps)
    esia = portal(entrance, environment)
    known = environment | (esia.environment if esia else {})
    children = [_web_server(entrance, known), _worker(known)]
    try:
        with steps.step("Сервер и фоновые задания"):
            if esia:
                esia.open()
            _open(entrance, children)
        with steps.step("Кто есть в демо-школе"):
            _show_people(environment)
        say(f"\nДневник открыт: {entrance.address}\nОстановить: Ctrl+C, вместе с базой данных: make stop")
        if esia:
            say(f"Учебные Госуслуги, ошибки и неполадки на выбор: {esia.address}")
        _watch(_all(children, esia))
    finally:
        _stop(_all(children, esia))


def _all(children: list[Child], esia: Portal | None) -> list[Child]:
    return [*children, esia.child] if esia else children


def _set_up(steps: Steps) -> dict[str, str]:
    with steps.step("База данных"):
        urls = postgres.ensure_running()
    demo = environment(urls)
    with steps.step("Таблицы"):
        manage_quietly("migrate", "--noinput", environment=as_owner(demo))
    with steps.step("Переводы и файлы страниц"):
        prepare_pages(demo)
    with steps.step("Демонстрационная школа"):
        manage("make_demo_school", environment=demo)
        # fresh bulk rows would be planned badly until autovacuum comes by
        manage_quietly("shell", "-v0", "-c", _ANALYZE, environment=as_owner(demo))
    return demo


def environment(urls: postgres.Urls) -> dict[str, str]:
    """Variables of the demo's processes."""
    ours = {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "diary.config.settings.dev"),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(),
        **postgres.master_key(),
        "PYTHONUNBUFFERED": "1",
    }
    return urls.environment() | ours


def _web_server(entrance: Door, environment: Mapping[str, str]) -> Child:
    command: list[str | Path] = [*server_command(entrance.host, str(entrance.port))]
    return Child("server", "Веб-сервер", command, environment)


def _worker(environment: Mapping[str, str]) -> Child:
    return Child("worker", "Фоновые задания", [sys.executable, ROOT / "manage.py", "run_worker"], environment)


def _open(entrance: Door, children: list[Child]) -> None:
    """Start the processes and wait for the first page."""
    for child in children:
        child.start()
    give_up_at = time.monotonic() + _PORT_PATIENCE
    while not entrance.answers():
        if time.monotonic() > give_up_at:
            raise Problem(
                f"Сервер не отвечает / the server does not answer: {entrance.address}. {children[0].log}:\n"
                f"{last_lines(children[0].log, 30)}"
            )
        time.sleep(0.2)
        _watch_once(children)


def _show_people(environment: Mapping[str, str]) -> None:
    """Without the table of demo people the diary works all the same."""
    try:
        manage("demo_people", environment=environment)
    except Problem as problem:
        warn(str(problem))


def _watch(children: list[Child]) -> None:
    """Until Ctrl+C."""
    look_at = 0.0
    while True:
        _watch_once(children)
        if time.monotonic() > look_at:
            _keep_database()
            look_at = time.monotonic() + _DATABASE_LOOK_EVERY
        time.sleep(_WATCH_EVERY)


def _watch_once(children: list[Child]) -> None:
    for child in children:
        child.watch()


def _keep_database() -> None:
    """Our own server is started again if it was killed; a given one is not ours to start."""
    if postgres.is_given() or postgres.is_answering():
        return
    warn("База данных не отвечает, запускаю снова / the database does not answer, starting it again")
    try:
        postgres.ensure_running()
    except (Problem, OSError, subprocess.SubprocessError) as problem:
        warn(str(problem))


def _stop(children: list[Child]) -> None:
    finish_undisturbed()
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(_STOP_PATIENCE)


def main() -> int:
    stop_in_order()
    try:
        entrance = door()
        with only_here(entrance.address):
            run(entrance)
    except AlreadyRunning:
        other = running()
        say(f"Дневник уже запущен / already running: {other.address if other else ''}\nОстановить: make stop")
    except (Problem, OSError, subprocess.SubprocessError) as problem:
        warn(str(problem))
        return 1
    except KeyboardInterrupt:
        say("\nОстановлено. Базу данных останавливает make stop.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
