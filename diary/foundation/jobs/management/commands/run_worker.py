"""`manage.py run_worker`: the process that carries out queued work and the periodic list of config/schedule.py."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = "Carry out background jobs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        import_module("diary.config.schedule")
        # nobody sends NOTIFY when a job is inserted (see the migration of this room), so the worker looks often
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            working.run_worker(
                concurrency=options["concurrency"],
                listen_notify=False,
                fetch_job_polling_interval=0.05,
                delete_jobs="successful",
                install_signal_handlers=True,
            )
