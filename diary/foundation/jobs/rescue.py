"""Jobs of dead workers come back; what failed for good is told to whoever waits for it, and to the log (A1)."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.foundation.jobs.progress import scoped

logger = logging.getLogger(__name__)

TIMES = 10  # a job that has killed so many workers is given up
KEPT_DAYS = 30  # failed jobs, for whoever looks into the matter

# A waiting twin (queueing_lock) will do the same work: the stalled one is let go.
_RESCUE = """
WITH stalled AS (
    SELECT id FROM procrastinate_jobs AS job
     WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers AS worker
         WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - make_interval(secs => %s))
       FOR UPDATE SKIP LOCKED
)
UPDATE procrastinate_jobs AS job
   SET status = (CASE
           WHEN EXISTS (SELECT FROM procrastinate_jobs AS twin
                         WHERE twin.queueing_lock = job.queueing_lock AND twin.status = 'todo') THEN 'aborted'
           WHEN job.attempts >= %s OR job.abort_requested THEN 'failed'
           ELSE 'todo' END)::procrastinate_job_status,
       attempts = job.attempts + 1, scheduled_at = now(), worker_id = NULL
  FROM stalled WHERE job.id = stalled.id
RETURNING job.id, job.task_name, job.status::text
"""
_FAILED_WITH_TASK = (
    "SELECT id, args->>'school_id', args->>'task_id', args->>'language' FROM procrastinate_jobs"
    " WHERE status = 'failed' AND args ? 'task_id'"
)
_END_TASK = (
    "UPDATE jobs_task SET state = 'failed', message = %s, finished_at = %s"
    " WHERE school_id = %s AND id = %s AND state IN ('waiting', 'running')"
)
_FORGET_WORKERS = "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - interval '1 hour'"
_FORGET_FAILED = """
DELETE FROM procrastinate_jobs AS job
 WHERE status IN ('failed', 'aborted', 'cancelled') AND NOT EXISTS (
    SELECT FROM procrastinate_events WHERE job_id = job.id AND at > now() - make_interval(days => %s))
"""


@dataclass(frozen=True, slots=True)
class Rescued:
    """How many jobs wait again, and how many were given up."""

    waiting: int
    given_up: int


def rescue(dead_after: float) -> Rescued:
    """Put the jobs of workers that were silent for `dead_after` seconds back into their queues. Safe to run at once."""
    with connection.cursor() as cursor:
        cursor.execute(_RESCUE, [dead_after, TIMES])
        found = cursor.fetchall()
    for job_id, name, status in found:
        if status == "failed":
            logger.error("job %s (%s) was given up: it has ended its worker %s times", job_id, name, TIMES)
        else:
            logger.warning("job %s (%s) of a dead worker: %s", job_id, name, status)
    end_tasks_of_failed_jobs()
    states = [status for _id, _name, status in found]
    return Rescued(states.count("todo"), states.count("failed"))


def end_tasks_of_failed_jobs() -> int:
    """Whoever waits for a job that failed for good reads so. Gives how many tasks were ended."""
    ended = 0
    with connection.cursor() as cursor:
        cursor.execute(_FAILED_WITH_TASK)
        for _job_id, school_id, task_id, language in cursor.fetchall():
            with translation.override(language), transaction.atomic():
                words = _("Произошла ошибка, ничего не записано. Попробуйте ещё раз или напишите в поддержку.")
                scoped(cursor, int(school_id))
                cursor.execute(_END_TASK, [words, clock.now(), int(school_id), task_id])
                ended += cursor.rowcount
    return ended


def forget_failed() -> None:
    """Drop what nobody looks into any more: failed jobs after a month, traces of dead workers after an hour."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_FAILED, [KEPT_DAYS])
        cursor.execute(_FORGET_WORKERS)
