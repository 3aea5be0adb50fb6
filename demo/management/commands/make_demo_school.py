"""`manage.py make_demo_school`: two invented schools to look at, each written all or nothing."""

from __future__ import annotations

import datetime as dt
import time
from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand

from demo.profiles import SchoolPlan, first_school, second_school
from demo.school import make_school
from diary.foundation.core import clock

END_OF_DAY = dt.time(21)


class Command(BaseCommand):
    """Makes the demo schools that are not there yet."""

    help = "Создать демонстрационные школы № 1 и № 2 (если их ещё нет)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--seed", default="2026", help="зерно случайности: то же зерно — та же школа")
        parser.add_argument("--small", action="store_true", help="крошечные школы для тестов: три класса и один")
        parser.add_argument(
            "--date", type=dt.date.fromisoformat, help="каким днём закончить (ГГГГ-ММ-ДД); без неё — сейчас"
        )

    def handle(self, *args: Any, seed: str, small: bool, date: dt.date | None, **options: Any) -> None:
        """Both schools, one after the other."""
        for plan in (first_school(is_small=small), second_school(is_small=small)):
            self._make(plan, seed, date)

    def _make(self, plan: SchoolPlan, seed: str, date: dt.date | None) -> None:
        started = time.monotonic()
        moment = dt.datetime.combine(date, END_OF_DAY, tzinfo=ZoneInfo(plan.timezone)) if date else clock.now()

        def report(percent: int, words: str) -> None:
            self.stdout.write(f"  {plan.short_name}: {percent:3d} % — {words}")
            self.stdout.flush()

        school = make_school(plan, seed=seed, moment=moment, report=report)
        if school is None:
            self.stdout.write(f"  {plan.short_name} уже есть, ничего не меняю.")
        else:
            self.stdout.write(f"  {plan.short_name}: 100 % — готово за {time.monotonic() - started:.1f} с")
