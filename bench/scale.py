"""The same pages with one school in the database and with two hundred: p50 side by side, visit by visit."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench import pages
from bench.client import Client
from bench.figures import Figure, at_most
from bench.shapes import MANY, ONE
from bench.site import Site, ask

CONNECTIONS = 8  # per site, so that both server workers answer


def measure(one: Site, many: Site, visits: int) -> Iterator[Figure]:
    """Journal, marks and week: random pages of random schools against random pages of the one school."""
    facts = one.facts(ONE.schools), many.facts(MANY.schools, 3)
    for what, chosen in (
        ("журнал", [pages.journal_visits(found) for found in facts]),
        ("отметки ученика", [pages.diary_visits(found, "marks") for found in facts]),
        ("неделя дневника", [pages.diary_visits(found, "week") for found in facts]),
    ):
        given = {"ports": [one.port, many.port], "pages": chosen, "visits": visits}
        found = ask("scale", environment=one.environment, given=given)
        note = (
            f"p50 {found['p50'][0] * 1000:.1f} и {found['p50'][1] * 1000:.1f} мс, {visits} пар вперемежку; "
            f"{MANY.schools} школ × {MANY.pupils // MANY.schools} учеников, {MANY.marks / 1e6:.1f} млн отметок"
        )
        yield at_most(f"{what}: 200 школ к одной, p50", found["p50"][1] / found["p50"][0], 1.2, digits=2, note=note)


async def compare(ports: list[int], pages: list[list[dict[str, str]]], visits: int) -> dict[str, Any]:
    """Visit the two sites in turns; the first visits warm both up."""
    chance = random.Random(3)
    clients = [[Client(port) for _connection in range(CONNECTIONS)] for port in ports]
    times: list[list[float]] = [[], []]
    warm_up = max(20, CONNECTIONS * 4)
    for turn in range(visits + warm_up):
        for side in (0, 1) if turn % 2 else (1, 0):
            visit = chance.choice(pages[side])
            client = clients[side][turn % CONNECTIONS]
            client.session = visit["session"]
            started = time.monotonic()
            await client.get(visit["path"])
            if turn >= warm_up:
                times[side].append(time.monotonic() - started)
    return {"p50": [statistics.median(side) for side in times]}


def main() -> None:
    print(json.dumps(asyncio.run(compare(**json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
