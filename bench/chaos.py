"""Random SIGKILLs of the server, the worker and the database while teachers save: nothing lost, doubled or untold.

A database of its own with the demo school, made anew for each run. Each teacher does what the journal's script does:
an entry is sent with its key until it is acknowledged. At the end the tables are compared with what was acknowledged,
the log is verified, and each forgery planted in a copy must be found.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from bench.client import Answered, Client
from bench.databases import _manage, _superuser, environment_of
from bench.figures import Figure, at_most
from bench.shapes import Shape
from bench.site import ask, free_port
from start import run, server
from start.checkout import ROOT, Problem, log_file, say
from start.cluster import OWNER, SUPERUSER, Cluster
from start.door import Door
from start.roles import prepare
from start.steps import as_owner, prepare_pages

DATABASE = Shape("bench_chaos", schools=1, classes=0, subjects=0)
COPY = "bench_chaos_forged"
TEACHERS = 12
PATIENCE = 180.0  # seconds for the worker to catch up after the last kill
VICTIMS = ("server", "worker", "database")

LOST_OR_DOUBLED = """
SELECT lesson_id::text, student_id::text, count(*) FROM gradebook_markchange WHERE changed_at >= %s GROUP BY 1, 2
"""
UNTOLD = """
SELECT count(*) FROM gradebook_markchange c WHERE c.changed_at >= %s
 AND EXISTS (SELECT FROM roster_student s WHERE s.school_id = c.school_id AND s.id = c.student_id AND s.user_id > 0)
 AND NOT EXISTS (SELECT FROM notifications_notification n WHERE n.school_id = c.school_id AND n.subject_id = c.id)
"""
STUCK = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'urgent' OR status IN ('doing', 'failed')"
# what somebody with the superuser's SQL may try; `chaos_forge` adds a change whose hash is right
FORGERIES = {
    "значение в истории": "UPDATE gradebook_markchange SET value = '2' WHERE id = (SELECT max(id::text)::uuid FROM"
    " gradebook_markchange WHERE value = '5')",
    "строка истории стёрта": "DELETE FROM gradebook_markchange WHERE id = (SELECT max(id::text)::uuid FROM"
    " gradebook_markchange)",
    "отметка без истории": "UPDATE gradebook_mark SET comment = 'подделка' WHERE id = (SELECT max(id::text)::uuid FROM"
    " gradebook_mark)",
    "событие изменено": "UPDATE audit_auditevent SET user_name = 'Другой' WHERE id = (SELECT event_ids[1] FROM"
    " audit_auditseal ORDER BY id DESC LIMIT 1)",
    "событие стёрто": "DELETE FROM audit_auditevent WHERE id = (SELECT event_ids[1] FROM audit_auditseal"
    " ORDER BY id DESC LIMIT 1)",
    "печать стёрта": "DELETE FROM audit_auditseal WHERE id = (SELECT min(id) FROM audit_auditseal)",
}


@dataclass
class Playground:
    """The processes under fire; each is started again at once."""

    cluster: Cluster
    environment: Mapping[str, str]
    door: Door
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        child = run._web_server(self.door, self.environment) if name == "server" else run._worker(self.environment)
        with log_file(f"chaos-{name}").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(word) for word in child._command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL to the whole family, without a word before."""
        if name == "database":
            if pid := server.postmaster(self.cluster):
                os.kill(pid, signal.SIGKILL)
            server.start(self.cluster)
            return
        self.end(name)
        self.start(name)

    def end(self, name: str) -> None:
        process = self.processes[name]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def revive(self) -> None:
        """The worker ends by itself when it loses the database: whoever watches over it starts it again."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                self.start(name)


def measure(cluster: Cluster, kills: int) -> Iterator[Figure]:
    """Everything that must be zero, and the forgeries that must be found."""
    environment = _fresh(cluster)
    prepare_pages(environment)
    journals = ask("facts", 1, 2 * TEACHERS, 1, environment=as_owner(environment))["writing"]
    with _superuser(cluster, DATABASE.database) as connection:
        started = _one(connection, "SELECT now()")
    place = Playground(cluster, environment, Door("127.0.0.1", free_port()))
    try:
        for name in ("server", "worker"):
            place.start(name)
        saved = asyncio.run(_storm(place, journals, kills))
        _until_the_worker_rests(place)
    finally:
        for name in place.processes:
            place.end(name)
    yield from _compared(cluster, started, saved, kills)
    yield at_most("audit_verify после убийств: разрывов", _breaks(environment), 0, note="код возврата")
    yield from _forgeries(cluster, environment)


async def _storm(place: Playground, journals: list[dict[str, Any]], kills: int) -> list[tuple[str, str]]:
    """Cells whose entry was acknowledged."""
    saved: list[tuple[str, str]] = []
    over = asyncio.Event()

    async def teacher(journal: dict[str, Any]) -> None:
        for cell in journal["cells"]:
            if over.is_set():
                return
            await _until_acknowledged(place.door.port, journal, cell)
            saved.append((cell["lesson"], cell["student"]))

    async def killer() -> None:
        for number in range(kills):
            await asyncio.sleep(random.uniform(0.5, 4.0))
            victim = random.choice(VICTIMS)
            await asyncio.to_thread(place.kill, victim)
            place.revive()
            say(f"  {number + 1}/{kills}: {victim}, подтверждено {len(saved)}")
        over.set()

    await asyncio.gather(killer(), *(teacher(journal) for journal in journals))
    return saved


async def _until_acknowledged(port: int, journal: dict[str, Any], cell: dict[str, Any]) -> None:
    """The same key again and again, as the outbox of the journal does."""
    marks, _, sign = cell["text"].partition("/оп")
    text = f"{marks}/5{'/оп' if cell['text'].endswith('оп') else sign}"
    entry = {"lesson": cell["lesson"], "student": cell["student"], "text": text, "version": int(cell["version"])}
    content = {"key": str(uuid.uuid4()), "cells": [entry]}
    give_up_at = time.monotonic() + PATIENCE
    while True:
        client = Client(port, journal["session"])
        try:
            await asyncio.wait_for(client.put(f"/journal/{journal['course']}/cells/", content), 30)
        except (OSError, EOFError, TimeoutError, Answered, ValueError) as problem:
            if time.monotonic() > give_up_at or (isinstance(problem, Answered) and str(problem)[:1] == "4"):
                raise
            await asyncio.sleep(0.3)
        else:
            return
        finally:
            client.close()


def _until_the_worker_rests(place: Playground) -> None:
    give_up_at = time.monotonic() + PATIENCE
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = 'urgent'"
    unsealed = "SELECT count(*) FROM audit_unsealedevent"
    with _superuser(place.cluster, DATABASE.database) as connection:
        while _one(connection, waiting) or _one(connection, unsealed):
            if time.monotonic() > give_up_at:
                return
            place.revive()
            time.sleep(0.5)


def _compared(cluster: Cluster, started: object, saved: list[tuple[str, str]], kills: int) -> Iterator[Figure]:
    with _superuser(cluster, DATABASE.database) as connection:
        rows = connection.execute(LOST_OR_DOUBLED, [started]).fetchall()
        found = {(lesson, student): count for lesson, student, count in rows}
        note = f"{kills} убийств, {len(saved)} подтверждённых записей"
        yield at_most("потеряно подтверждённых записей", sum(cell not in found for cell in saved), 0, note=note)
        yield at_most("записей сделано дважды", sum(count > 1 for count in found.values()), 0)
        yield at_most("изменений без уведомления", _one(connection, UNTOLD, started), 0)
        yield at_most("заданий застряло", _one(connection, STUCK), 0)


def _forgeries(cluster: Cluster, environment: Mapping[str, str]) -> Iterator[Figure]:
    for what, statement in FORGERIES.items():
        copy = _copied(cluster, environment)
        with _superuser(cluster, COPY) as connection:
            connection.execute("SET session_replication_role = replica")
            if connection.execute(statement).rowcount != 1:
                raise Problem(f"подделка не удалась / the forgery did nothing: {what}")
        yield _found(what, copy)
    copy = _copied(cluster, environment)
    ask("chaos_forge", environment=as_owner(copy | {"DATABASE_OWNER_URL": cluster.url(SUPERUSER, COPY)}))
    yield _found("верно вычисленное чужое изменение", copy)
    with _superuser(cluster, "template1") as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(COPY)))


def _found(what: str, environment: Mapping[str, str]) -> Figure:
    missed = _breaks(environment) == 0
    return at_most(f"подделка не найдена: {what}", int(missed), 0)


def _breaks(environment: Mapping[str, str]) -> int:
    command = [sys.executable, "manage.py", "audit_verify"]
    found = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if found.returncode:
        say(f"    audit_verify: {(found.stderr or found.stdout).strip()[:200]}")
    return found.returncode


def _fresh(cluster: Cluster) -> dict[str, str]:
    with cluster.locked():
        server.start(cluster)
        prepare(cluster)
    _recreate(cluster, DATABASE.database, "template1")
    environment = environment_of(cluster, DATABASE)
    _manage("migrate", environment=environment)
    command = [sys.executable, "manage.py", "make_demo_school", "-v0"]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=subprocess.DEVNULL).returncode:
        raise Problem("демо-школа не создана / no demo school")
    return environment


def _copied(cluster: Cluster, environment: Mapping[str, str]) -> dict[str, str]:
    _recreate(cluster, COPY, DATABASE.database)
    return dict(environment) | environment_of(cluster, Shape(COPY, 1, 0, 0))


def _recreate(cluster: Cluster, name: str, template: str) -> None:
    with _superuser(cluster, "template1" if template != "template1" else "postgres") as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        connection.execute(make.format(*(sql.Identifier(one) for one in (name, OWNER, template))))


def _one(connection: psycopg.Connection, statement: str, *values: object) -> Any:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return row[0]
