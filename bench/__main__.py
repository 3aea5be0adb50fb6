"""`python -m bench [names…] [--quick] [--full]`: one table of the figures that the issue asks for.

Names: pages, statements, save, live, weight, memory (on one school), scale (one school beside two hundred), cold,
chaos. Without names all but `cold` and `chaos`; `--full` adds `cold`; `--quick` shortens turns; `chaos --kills 100`
says how many processes are killed. The first run fills the databases.
"""

from __future__ import annotations

import argparse
import os
import sys
import uuid
from collections.abc import Iterator
from typing import Any

from bench import chaos, cold, door, live, pages, save, scale, weight
from bench.databases import bench_cluster, ready, sweep
from bench.figures import Figure, at_most, table
from bench.shapes import MANY, ONE, SCHOOL
from bench.site import Site, ask, site
from start import server
from start.checkout import Problem, say, warn
from start.cluster import Cluster
from start.steps import prepare_pages

ON_ONE_SCHOOL = ("pages", "statements", "save", "live", "door", "weight", "memory")
NAMES = (*ON_ONE_SCHOOL, "scale", "cold", "chaos")


def figures(names: set[str], is_quick: bool, kills: int) -> Iterator[Figure]:
    """All lines of the table, in order."""
    cluster = bench_cluster()
    if names & set(ON_ONE_SCHOOL):
        yield from _one_school(cluster, names, is_quick)
    if "scale" in names:
        # every page drawn anew: the two hundred schools would find theirs in memory less often than the one
        anew = {"DIARY_REMEMBERED_DRAWINGS": "0"}
        with site(ready(cluster, ONE) | anew) as one, site(ready(cluster, MANY) | anew) as many:
            yield from scale.measure(one, many, 100 if is_quick else 400)
    if "cold" in names:
        yield from cold.measure()
    if "chaos" in names:
        yield from chaos.measure(cluster, kills)


def _one_school(cluster: Cluster, names: set[str], is_quick: bool) -> Iterator[Figure]:
    environment = ready(cluster, SCHOOL)
    prepare_pages(environment)
    sweep(cluster, SCHOOL)
    owner_url = environment["DATABASE_OWNER_URL"]
    seconds = 4.0 if is_quick else 12.0
    with site(environment, with_worker=True) as running:
        facts = running.facts(SCHOOL.schools, 2 * pages.CLIENTS, streams=live.STREAMS)
        if "statements" in names:
            yield from _statements(running, facts)
        if "pages" in names:
            yield from pages.measure(running, owner_url, facts, seconds)
        if "save" in names:
            yield from save.measure(running, owner_url, facts, seconds)
        if "live" in names:
            yield from live.measure(running, owner_url, facts, 20 if is_quick else 100)
        if "door" in names:
            yield from door.measure(running, facts, 9.0 if is_quick else 30.0)
        if "weight" in names:
            yield from weight.measure(running, facts)
        if "memory" in names:
            pss, rss = running.memory()["Pss:"], running.memory()["Rss:"]
            note = f"PSS самого большого после нагрузки; всех {pss}, RSS {rss}"
            yield at_most("память рабочего процесса", max(pss), 150, unit="МиБ", note=note)


def _statements(running: Site, facts: dict[str, Any]) -> Iterator[Figure]:
    journal = facts["writing"][0]
    cell = journal["cells"].pop()
    marks, _, sign = cell["text"].partition("/оп")
    entry = cell | {
        "text": f"{marks}/5{'/оп' if cell['text'].endswith('оп') else sign}",
        "version": int(cell["version"]),
    }
    asked = {
        "журнал": pages.journal_visits(facts)[0],
        "отметки ученика": pages.diary_visits(facts, "marks")[0],
        "неделя дневника": pages.diary_visits(facts, "week")[0],
        "запись отметки": {
            "session": journal["session"],
            "path": f"/journal/{journal['course']}/cells/",
            "content": {"key": str(uuid.uuid4()), "cells": [entry]},
        },
    }
    counts = ask("statements", environment=running.environment, given=asked)
    most = {"журнал": 8, "отметки ученика": 10, "неделя дневника": 10, "запись отметки": 12}
    for name, count in counts.items():
        yield at_most(f"{name}: запросов SQL", count, most[name], note="без BEGIN и COMMIT")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="name")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--stop", action="store_true", help="stop the database server afterwards")
    asked = parser.parse_args()
    names = set(asked.names or (name for name in NAMES if name not in ("cold", "chaos"))) | (
        {"cold"} if asked.full else set()
    )
    found = []
    try:
        for figure in figures(names, asked.quick, asked.kills):
            say(f"  {figure.what}: {figure.value}")
            found.append(figure)
        say(
            f"\n{table(found)}\n\n{os.cpu_count()} ядра на всё: сервер, база, клиенты. Отношения взяты в одном прогоне."
        )
    except (Problem, OSError) as problem:
        warn(str(problem))
        return 1
    finally:
        if asked.stop:
            server.stop(bench_cluster())
    return 0 if all(figure.is_met is not False for figure in found) else 2


if __name__ == "__main__":
    sys.exit(main())
