"""`manage.py run_worker`: the process that carries out queued work and the periodic list of config/schedule.py."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from diary.foundation.jobs.queues import SLOTS
from diary.foundation.jobs.working import DEAD_AFTER, work


class Command(BaseCommand):
    help = "Carry out background jobs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        usual = " ".join(f"{name}={places}" for name, places in SLOTS.items())
        parser.add_argument("queues", nargs="*", metavar="queue[=places]", help=f"only these queues; usually: {usual}")
        parser.add_argument(
            "--dead-after", type=float, default=DEAD_AFTER, help="seconds of silence after which a worker's jobs return"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        import_module("diary.config.schedule")
        work(dict(map(_slots, options["queues"])) or SLOTS, options["dead_after"])


def _slots(word: str) -> tuple[str, int]:
    name, _equals, places = word.partition("=")
    if name not in SLOTS or (places and not places.isdecimal()) or places == "0":
        raise CommandError(f"{word}: a queue is one of {', '.join(SLOTS)}, its places a number from 1")
    return name, int(places or SLOTS[name])
