"""From a saved mark to the parent's open page, through the worker, with 500 other pages open.

Runs in a process of its own: `python -m bench.live` reads what to do on stdin and prints the times.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from bench.client import Client
from bench.figures import Figure, at_most
from bench.load import save_mark
from bench.site import Site
from start.checkout import Problem

STREAMS = 500
PATIENCE = 180.0  # seconds
LONGEST = 5.0  # seconds: later counts as never
OPENING = 25  # streams opened at a time


def measure(site: Site, owner_url: str, facts: dict[str, Any], saves: int) -> Iterator[Figure]:
    """The 95th percentile over that many marks, one after another at uneven moments."""
    _wait_for_the_worker(owner_url)
    watchers = facts["watchers"]
    journal = next(
        one for one in facts["writing"] if sum(cell["student"] in watchers for cell in one["cells"]) >= saves
    )
    cells = [cell for cell in journal["cells"] if cell["student"] in watchers][:saves]
    found = site.load(
        module="live",
        journal={"session": journal["session"], "course": journal["course"], "cells": cells},
        watchers=watchers,
        period=journal["period"],
    )
    times = sorted(found["times"])
    note = (
        f"p50 {times[len(times) // 2] * 1000:.0f} мс, худшее {times[-1] * 1000:.0f} мс, {len(times)} отметок, "
        f"открыто {found['streams']} потоков; PUT отправлен → событие → фрагмент «отметки» получен"
    )
    yield at_most(
        "отметка видна в открытой странице, p95", times[int(len(times) * 0.95)] * 1000, 300, unit="мс", note=note
    )


def _wait_for_the_worker(owner_url: str) -> None:
    """Until it has carried out what the earlier measurements left behind."""
    give_up_at = time.monotonic() + PATIENCE
    with psycopg.connect(owner_url, autocommit=True) as connection:
        while connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'urgent'").fetchone() != (
            0,
        ):
            if time.monotonic() > give_up_at:
                raise Problem("фоновые задания не кончаются / the worker does not catch up")
            time.sleep(0.5)


async def watch(port: int, journal: dict[str, Any], watchers: dict[str, dict[str, str]], period: str) -> dict[str, Any]:
    """Open all streams, then save marks and wait for each to be seen."""
    open_pages: dict[str, asyncio.StreamReader] = {}
    clients = []
    names = list(watchers)
    for start in range(0, len(names), OPENING):
        batch = [(name, Client(port, watchers[name]["session"])) for name in names[start : start + OPENING]]
        readers = await asyncio.gather(*(client.events(watchers[name]["token"]) for name, client in batch))
        clients += [client for _name, client in batch]
        open_pages |= dict(zip((name for name, _client in batch), readers, strict=True))
    teacher = Client(port, journal["session"])
    families = {student: Client(port, one["session"]) for student, one in watchers.items()}
    times = []
    for cell in journal["cells"]:
        await asyncio.sleep(random.uniform(0.1, 0.2))
        student = cell["student"]
        started = time.monotonic()
        saving = asyncio.create_task(save_mark(teacher, journal["course"], cell))
        try:
            await asyncio.wait_for(_event(open_pages[student]), LONGEST)
            await families[student].get(f"/diary/{student}/marks/?period={period}&part=1")
            times.append(time.monotonic() - started)
        except TimeoutError:
            times.append(LONGEST)
        await saving
    for client in clients:
        client.close()
    return {"times": times, "streams": len(open_pages)}


async def _event(stream: asyncio.StreamReader) -> None:
    while not (await stream.readline()).startswith(b"data:"):
        pass


def main() -> None:
    print(json.dumps(asyncio.run(watch(**json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
