"""The queues and who waits for whom: urgent work never behind long work, no school behind another one's heap."""

from __future__ import annotations

from typing import Any

from django.db import connection
from procrastinate.tasks import Task

URGENT = "urgent"  # codes, notices, the word to open pages: somebody looks at a screen
UPKEEP = "upkeep"  # sealing and forgetting, by the clock
LONG = "long"  # imports and whatever else takes minutes; for each school one at a time

# how many jobs of a queue a worker carries out at the same time: a queue never uses the place of another one
SLOTS = {URGENT: 4, UPKEEP: 1, LONG: 2}

_LAST_PLACE = (
    "SELECT coalesce(min(priority) - 1, 0) FROM procrastinate_jobs"
    " WHERE queue_name = %s AND lock = %s AND status IN ('todo', 'doing')"
)


def defer_long(task: Task[Any, Any, Any], *, school_id: int, **arguments: Any) -> None:
    """Queue long work of a school in the present transaction.

    A school's works follow one another. Its second has a lower priority than everybody's first, its third than
    everybody's second, so that ten imports of one school let the first of another pass.
    """
    lock = f"school:{school_id}"
    with connection.cursor() as cursor:
        cursor.execute(_LAST_PLACE, [LONG, lock])
        (place,) = cursor.fetchone()
    task.configure(lock=lock, priority=place).defer(school_id=school_id, **arguments)
