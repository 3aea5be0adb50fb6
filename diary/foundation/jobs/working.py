"""The worker process: the queues side by side, a heartbeat, and the rescue of jobs whose worker died.

It is made to be killed: whatever it was doing comes back (see `rescue`). So it does not try to live through a broken
database either: it ends, and whoever watches over it starts it again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections
from procrastinate import App
from procrastinate.contrib.django import app

from diary.foundation.jobs.rescue import rescue

logger = logging.getLogger(__name__)

DEAD_AFTER = 20.0  # seconds without a heartbeat; four are sent in that time
GRACE = 8.0  # seconds for running jobs when the worker is asked to stop; the rest comes back like those of a dead one
POLLING = 0.05


def work(slots: Mapping[str, int], dead_after: float = DEAD_AFTER) -> None:
    """Carry out the jobs of these queues until SIGTERM or Ctrl+C."""
    asyncio.run(_work(slots, dead_after))


async def _work(slots: Mapping[str, int], dead_after: float) -> None:
    loop = asyncio.get_running_loop()
    # a place for each slot: a job that has been taken begins at once
    loop.set_default_executor(ThreadPoolExecutor(sum(slots.values()) + 1, thread_name_prefix="job"))
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    # nobody sends NOTIFY when a job is inserted (see the migration of this room), so the worker looks often
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        async with working.open_async():
            sides = [asyncio.create_task(_queue(working, name, places, dead_after)) for name, places in slots.items()]
            sides.append(asyncio.create_task(_rescue(dead_after)))
            asked = asyncio.create_task(stop.wait())
            await asyncio.wait([*sides, asked], return_when=asyncio.FIRST_COMPLETED)
            await (_finish(sides) if stop.is_set() else _break_off(sides))


async def _queue(working: App, name: str, places: int, dead_after: float) -> None:
    await working.run_worker_async(
        queues=[name],
        name=name,
        concurrency=places,
        listen_notify=False,
        fetch_job_polling_interval=POLLING,
        delete_jobs="successful",
        install_signal_handlers=False,
        update_heartbeat_interval=dead_after / 4,
        stalled_worker_timeout=3600,
    )


async def _rescue(dead_after: float) -> None:
    """Look for stalled jobs for ever. A process that stood still itself lets its own heartbeats go out first."""
    pause = dead_after / 4
    while True:
        before = time.monotonic()
        await asyncio.sleep(pause)
        if time.monotonic() - before < 2 * pause:
            await asyncio.to_thread(_rescue_once, dead_after)


def _rescue_once(dead_after: float) -> None:
    close_old_connections()
    rescue(dead_after)


async def _finish(sides: list[asyncio.Task[None]]) -> None:
    for side in sides:
        side.cancel()
    _done, unfinished = await asyncio.wait(sides, timeout=GRACE)
    if unfinished:
        logger.warning("the worker ends in the middle of a job; another one takes it up")
        os._exit(0)


async def _break_off(sides: list[asyncio.Task[None]]) -> None:
    """A side has ended that never ends: its reason was logged by itself, or is here."""
    for side in sides:
        if side.done() and not side.cancelled() and (error := side.exception()):
            logger.critical("the worker breaks off: %s: %s", type(error).__name__, error)
    os._exit(1)
