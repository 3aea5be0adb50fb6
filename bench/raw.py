"""The raw side: the same rows, or one committed row, through psycopg alone. `python -m bench.raw` reads stdin."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

import psycopg

COURSE_SQL = """
SELECT lesson_id, student_id, place, value, weight, version, id, kind_id, comment FROM gradebook_mark
WHERE school_id = %s AND course_id = %s AND held_on >= %s AND held_on < %s
"""
STUDENT_SQL = """
SELECT held_on, lesson_id, course_id, weight, id, value, kind_id, comment FROM gradebook_mark
WHERE school_id = %s AND student_id = %s AND held_on >= %s AND held_on < %s
"""
ROW_SQL = "INSERT INTO bench_row (school, student, value, at) VALUES (%s, %s, %s, now())"


def fetch(url: str, sql: str, values: list[object], until: float) -> int:
    """How many times these rows were fetched."""
    count = 0
    with psycopg.connect(url, autocommit=True) as connection:
        while time.time() < until:
            connection.execute(sql, values).fetchall()
            count += 1
    return count


def commit(url: str, sql: str, values: list[object], until: float) -> int:
    """How many rows were committed, one by one."""
    count = 0
    with psycopg.connect(url, autocommit=True) as connection:
        while time.time() < until:
            connection.execute(sql, values)
            count += 1
    return count


def main() -> None:
    """Each of `tasks` is a thread with a connection of its own."""
    asked: dict[str, Any] = json.load(sys.stdin)
    counts: list[int] = []
    work = commit if asked["sql"] == "row" else fetch
    sql = {"course": COURSE_SQL, "student": STUDENT_SQL, "row": ROW_SQL}[asked["sql"]]
    threads = [
        threading.Thread(target=lambda values=values: counts.append(work(asked["url"], sql, values, asked["until"])))
        for values in asked["tasks"]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"count": sum(counts)}))


if __name__ == "__main__":
    main()
