"""`python -m bench [names…] [--quick] [--full]`: one table of the figures that the issue asks for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from bench import pages
from bench.databases import bench_cluster, ready
from bench.figures import Figure, table
from bench.shapes import SCHOOL
from bench.site import site
from start.checkout import Problem, say, warn


def measured(names: set[str], seconds: float) -> Iterator[Figure]:
    cluster = bench_cluster()
    environment = ready(cluster, SCHOOL)
    owner = environment["DATABASE_OWNER_URL"]
    with site(environment, with_worker=True) as running:
        if "pages" in names:
            yield from pages.measure(running, owner, seconds)
        memory = running.memory()
        yield Figure("память рабочего процесса, МиБ", str(memory))


def main() -> int:
    figures = []
    for figure in measured({"pages"}, 4):
        say(table([figure]))
        figures.append(figure)
    say(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
