"""Reading: pages a second of the journal and the diary against the raw rate of fetching the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from bench.figures import Figure, at_least
from bench.site import Site, answer_of, started

CLIENTS = 16
TURNS = 4  # of each side, alternating: whatever else the machine does falls on both
PROCESSES = 2  # of the raw side, as many as the server has workers
HOW = "psycopg, 2 процесса × 8 потоков"


def journal_visits(facts: dict[str, Any]) -> list[dict[str, str]]:
    """The journal page of a class and subject, for each of the teachers."""
    return [
        {"session": one["session"], "path": f"/journal/{one['course']}/?period={one['period']}"}
        for one in facts["journals"]
    ]


def diary_visits(facts: dict[str, Any], page: str) -> list[dict[str, str]]:
    """A parent's page: `marks` of the period, or the week of the diary («week», the last full one)."""
    if page == "marks":
        return [
            {"session": one["session"], "path": f"/diary/{one['student']}/marks/?period={one['period']}"}
            for one in facts["diaries"]
        ]
    return [
        {"session": one["session"], "path": f"/diary/{one['student']}/?week={one['last_week']}"}
        for one in facts["diaries"]
    ]


def measure(site: Site, owner_url: str, facts: dict[str, Any], seconds: float) -> Iterator[Figure]:
    """Requests a second, each beside its raw rate, in turns."""
    journals, diaries = facts["journals"], facts["diaries"]
    by_course = [[one["school"], one["course"], one["first"], one["until"]] for one in journals]
    by_student = [[one["school"], one["student"], one["first"], one["until"]] for one in diaries]
    yield from _ratio("журнал 25 × 24", site, journal_visits(facts), owner_url, "course", by_course, seconds)
    yield from _ratio("отметки ученика", site, diary_visits(facts, "marks"), owner_url, "student", by_student, seconds)
    for figure in _ratio(
        "неделя дневника", site, diary_visits(facts, "week"), owner_url, "student", by_student, seconds
    ):
        yield replace(figure, bound="", is_met=None)  # the issue bounds its statements only


def _ratio(
    what: str,
    site: Site,
    visits: list[dict[str, str]],
    url: str,
    sql: str,
    tasks: list[list[object]],
    seconds: float,
) -> Iterator[Figure]:
    site.load(work="read", visits=visits, seconds=1.5)
    pages, alone, crowd = [], [], []
    for _turn in range(TURNS):
        pages.append(site.load(work="read", visits=visits, seconds=seconds / TURNS))
        alone.append(raw_rate(site, url, sql, tasks, seconds / TURNS / 2, connections=1))
        crowd.append(raw_rate(site, url, sql, tasks, seconds / TURNS / 2, connections=CLIENTS))
    rate = sum(one["rate"] for one in pages) / TURNS
    note = f"{rate:.0f}/с с 16 клиентами, p50 {pages[-1]['p50'] * 1000:.0f} мс, {pages[-1]['size'] / 1000:.1f} кБ"
    yield from against(f"{what}: страниц на сырую выборку", rate, alone, crowd, 0.15, dream=0.3, note=note)


def against(
    what: str, rate: float, alone: Sequence[float], crowd: Sequence[float], least: float, *, dream: float, note: str
) -> Iterator[Figure]:
    """The rate beside one raw connection, which the issue bounds, and beside sixteen, which is stricter."""
    one, many = sum(alone) / len(alone), sum(crowd) / len(crowd)
    yield at_least(what, rate / one, least, dream=dream, note=f"{note}; сырых {one:.0f}/с одним соединением")
    figure = at_least(f"{what}, 16 соединений", rate / many, least, note=f"то же; сырых {many:.0f}/с: {HOW}")
    yield replace(figure, bound="", is_met=None)


def raw_rate(
    site: Site, url: str, sql: str, tasks: Sequence[list[object]], seconds: float, *, connections: int
) -> float:
    """How many times a second the statement is done by so many connections; two processes when there are several."""
    processes = min(PROCESSES, connections)
    asked = {"url": url, "sql": sql, "seconds": seconds, "connections": connections // processes}
    with ExitStack() as running:
        work = [
            running.enter_context(
                started("raw", environment=site.environment, given=asked | {"tasks": tasks[part::processes]})
            )
            for part in range(processes)
        ]
        return float(sum(answer_of(process)["rate"] for process in work))
