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
ROW_SQL = "INSERT INTO bench_row (course, student, value, at) VALUES (%s, %s, %s, now())"


def repeat(url: str, sql: str, tasks: list[list[object]], start: threading.Barrier, seconds: float) -> int:
    """How many times the statement was done in that time, its rows fetched or its row committed; tasks in turns."""
    count = 0
    with psycopg.connect(url, autocommit=True) as connection:
        start.wait()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            cursor = connection.execute(sql, tasks[count % len(tasks)])
            if cursor.description:
                cursor.fetchall()
            count += 1
    return count


def main() -> None:
    """`tasks` are shared out among `connections`, each of which is a thread."""
    asked: dict[str, Any] = json.load(sys.stdin)
    counts: list[int] = []
    sql = {"course": COURSE_SQL, "student": STUDENT_SQL, "row": ROW_SQL}[asked["sql"]]
    connections: int = asked["connections"]
    start = threading.Barrier(connections)

    def work(tasks: list[list[object]]) -> None:
        counts.append(repeat(asked["url"], sql, tasks, start, asked["seconds"]))

    threads = [threading.Thread(target=work, args=(asked["tasks"][part::connections],)) for part in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"rate": sum(counts) / asked["seconds"]}))


if __name__ == "__main__":
    main()
