"""Which failed job is tried again, and when."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from django.db import OperationalError
from procrastinate import utils
from procrastinate.jobs import Job

from diary.foundation.jobs.retrying import SOON, TIMES_WITHOUT_DATABASE, WATCHED, Retrying, StillAtIt


def pause(retrying: Retrying, error: BaseException, attempts: int) -> float | None:
    """Seconds until the next attempt; None when it is given up."""
    job = Job(id=1, queue="urgent", lock=None, queueing_lock=None, task_name="tests", attempts=attempts)
    decision = retrying.get_retry_decision(exception=error, job=job)
    if decision is None or decision.retry_at is None:
        return None
    return round((decision.retry_at - utils.utcnow()) / dt.timedelta(seconds=1))


@pytest.mark.parametrize("error", [OperationalError(), psycopg.OperationalError(), StillAtIt()])
@pytest.mark.parametrize("retrying", [SOON, WATCHED])
def test_lost_database_is_waited_for(retrying: Retrying, error: BaseException) -> None:
    assert [pause(retrying, error, attempts) for attempts in (0, 1, 4, 5, 19)] == [1, 2, 16, 30, 30]
    assert pause(retrying, error, TIMES_WITHOUT_DATABASE) is None


def test_mistake_is_tried_again_a_few_times() -> None:
    assert [pause(SOON, ValueError(), attempts) for attempts in range(6)] == [2, 4, 8, 16, 32, None]


def test_mistake_in_watched_work_is_not_tried_again() -> None:
    assert pause(WATCHED, ValueError(), 0) is None
