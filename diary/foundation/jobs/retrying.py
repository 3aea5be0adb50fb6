"""Which failed job is tried again, and when. Every job names one of these (a test holds it)."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

# the database went away, or ended a statement for a reason that passes (deadlock, shutdown)
DATABASE_LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
TIMES_WITHOUT_DATABASE = 20
LONGEST_PAUSE = 30


class StillAtIt(Exception):
    """Another worker, believed dead, is still busy with this very task."""


@dataclass(frozen=True, slots=True)
class Retrying(BaseRetryStrategy):
    """A mistake of ours or of a partner is tried `times` again, after `base` ** n seconds; a lost database longer."""

    times: int
    base: int = 2

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None to give up: the job stays in the table as failed, and the log says so."""
        pause = self.base ** (job.attempts + 1)
        if isinstance(exception, (*DATABASE_LOST, StillAtIt)):
            if job.attempts >= TIMES_WITHOUT_DATABASE:
                return None
            return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 9), LONGEST_PAUSE)})
        if job.attempts >= self.times or not isinstance(exception, Exception):
            return None
        return RetryDecision(retry_in={"seconds": pause})


SOON = Retrying(times=5)
PARTNER = Retrying(times=6, base=3)
# somebody waits for the outcome and starts it anew; only what was no fault of the work is tried again
WATCHED = Retrying(times=0)
