"""Long work of one school lets the others pass (A2)."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django import app

from diary.foundation.jobs.queues import LONG, SLOTS, defer_long
from tests.people import Cast

LAY_OUT = app.tasks["office.lay_out_lessons"]


def queue(school_id: int, name: str) -> None:
    defer_long(LAY_OUT, school_id=school_id, task_id=name, user_id=1, language="ru")


def begin() -> str | None:
    """The task of the job that a free worker takes next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'task_id' FROM procrastinate_fetch_job_v2(ARRAY[%s]::varchar[], NULL)", [LONG])
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def end(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args->>'task_id' = %s", [name])


def test_ten_works_of_one_school_do_not_delay_the_first_of_another(cast: Cast) -> None:
    for number in range(10):
        queue(1, f"one {number}")
    queue(2, "two")
    queue(3, "three")
    assert SLOTS[LONG] == 2
    assert [begin(), begin()] == ["one 0", "two"]
    end("one 0")
    assert begin() == "three"


def test_works_of_a_school_follow_one_another_in_their_order(cast: Cast) -> None:
    for number in range(3):
        queue(1, f"{number}")
    assert [begin(), begin()] == ["0", None]
    end("0")
    queue(1, "3")
    order = []
    while name := begin():
        order.append(name)
        end(name)
    assert order == ["1", "2", "3"]
