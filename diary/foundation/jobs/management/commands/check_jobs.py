"""`manage.py check_jobs`: what went wrong in the background, or waits too long; ends with 1 when there is something."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

_FAILED = (
    "SELECT task_name, count(*), max(id) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY task_name ORDER BY 1"
)
_LATE = (
    "SELECT queue_name, count(*) FROM procrastinate_jobs JOIN procrastinate_events ON job_id = procrastinate_jobs.id"
    " WHERE status = 'todo' AND queue_name <> 'long' AND coalesce(scheduled_at, at) < now() - interval '1 minute'"
    " AND type = 'deferred' GROUP BY queue_name ORDER BY 1"
)
_ALIVE = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"


class Command(BaseCommand):
    help = "Tell of failed and late jobs; exit code 1 when there are any or when no worker is alive."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [
            *(f"failed: {name} {count} (the last is job {last})" for name, count, last in _rows(_FAILED)),
            *(f"waiting for more than a minute: {count} in the queue {name}" for name, count in _rows(_LATE)),
            *(["no worker has given a sign for a minute"] if _rows(_ALIVE) == [(0,)] else []),
        ]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("jobs: all well")


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
