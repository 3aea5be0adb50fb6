"""Writing: marks saved a second through the journal's door against rows committed a second by psycopg alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg

from bench.figures import Figure
from bench.pages import CLIENTS, against, raw_rate
from bench.site import Site

MAKE_TABLE = """
CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, course uuid, student uuid, value text, at timestamptz)
"""
HOW = "история, аудит и задание в той же транзакции; сырое: INSERT строки с COMMIT, тот же fsync; исполнитель стоит"
TURNS = 3


def measure(site: Site, owner_url: str, facts: dict[str, Any], seconds: float) -> Iterator[Figure]:
    """With one teacher at work, and with sixteen."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(MAKE_TABLE)
    with site.worker_resting():
        for clients in (CLIENTS, 1):
            yield from _ratio(site, owner_url, facts["writing"][:clients], clients, seconds)


def _ratio(site: Site, url: str, journals: list[dict[str, Any]], clients: int, seconds: float) -> Iterator[Figure]:
    row = [[one["course"], one["cells"][0]["student"], "5"] for one in journals] * CLIENTS
    saved, alone, crowd = [], [], []
    site.load(work="save", journals=_take(journals, 12), seconds=2.0)
    for _turn in range(TURNS):
        saved.append(site.load(work="save", journals=_take(journals, 60), seconds=seconds / TURNS))
        alone.append(raw_rate(site, url, "row", row, seconds / TURNS / 2, connections=1))
        crowd.append(raw_rate(site, url, "row", row, seconds / TURNS / 2, connections=CLIENTS))
    rate = sum(one["rate"] for one in saved) / TURNS
    note = f"{rate:.0f} отметок/с, p50 {saved[-1]['p50'] * 1000:.0f} мс; {HOW}"
    found = against(
        f"запись отметки, {clients} пишут: на сырую запись", rate, alone, crowd, 0.05, dream=0.12, note=note
    )
    for figure in found:
        yield figure if clients == CLIENTS else replace(figure, bound="", is_met=None)


def _take(journals: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The next cells of each journal, so that none is written twice with the same version."""
    taken = []
    for one in journals:
        taken.append({"session": one["session"], "course": one["course"], "cells": one["cells"][:count]})
        del one["cells"][:count]
    return taken
