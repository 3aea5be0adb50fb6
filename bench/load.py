"""Clients in a process of their own: `python -m bench.load` reads what to ask on stdin and prints what it measured."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

from bench.client import Client


async def read_pages(port: int, visits: list[dict[str, str]], seconds: float) -> dict[str, Any]:
    """Each visit {session, path} is one client that asks for its page again and again."""
    until = time.monotonic() + seconds
    times: list[float] = []
    size = 0

    async def visitor(visit: dict[str, str]) -> None:
        nonlocal size
        client = Client(port, visit["session"])
        while (started := time.monotonic()) < until:
            answer = await client.get(visit["path"])
            times.append(time.monotonic() - started)
            size = len(answer.body)
        client.close()

    return await _measured([visitor(visit) for visit in visits], times) | {"size": size}


async def save_marks(port: int, journals: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    """Each journal {session, course, cells} is one teacher who adds a second mark to cell after cell."""
    until = time.monotonic() + seconds
    times: list[float] = []

    async def teacher(journal: dict[str, Any]) -> None:
        client = Client(port, journal["session"])
        for cell in journal["cells"]:
            started = time.monotonic()
            if started >= until:
                break
            await save_mark(client, journal["course"], cell)
            times.append(time.monotonic() - started)
        client.close()

    return await _measured([teacher(journal) for journal in journals], times)


async def save_mark(client: Client, course: str, cell: dict[str, Any]) -> None:
    """«4» becomes «5/4»: one more mark in a cell, one history row, one audit row, one job."""
    marks, _, sign = cell["text"].partition("/оп")
    text = f"{marks}/5{'/оп' if cell['text'].endswith('оп') else sign}"
    entry = {"lesson": cell["lesson"], "student": cell["student"], "text": text, "version": int(cell["version"])}
    await client.put(f"/journal/{course}/cells/", {"key": str(uuid.uuid4()), "cells": [entry]})


async def _measured(work: list[Any], times: list[float]) -> dict[str, Any]:
    started = time.monotonic()
    await asyncio.gather(*work)
    spent = time.monotonic() - started
    ordered = sorted(times)
    share = {
        name: ordered[int(len(ordered) * part)] if ordered else 0.0 for name, part in (("p50", 0.5), ("p95", 0.95))
    }
    return {"count": len(times), "rate": len(times) / spent, **share}


WORK: dict[str, Callable[..., Coroutine[Any, Any, dict[str, Any]]]] = {"read": read_pages, "save": save_marks}


def main() -> None:
    asked = json.load(sys.stdin)
    work = WORK[asked.pop("work")]
    print(json.dumps(asyncio.run(work(**asked))))


if __name__ == "__main__":
    main()
