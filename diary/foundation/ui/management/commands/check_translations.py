"""`manage.py check_translations`: counts and names sentences that a catalogue lacks; exit code 1 when there are any."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from diary.foundation.ui.catalogs import missing


class Command(BaseCommand):
    help = "Fail when a sentence has no English translation or no Russian plural forms."

    def handle(self, *args: Any, **options: Any) -> None:
        lacking = list(missing())
        for language, sentence in lacking:
            self.stderr.write(f"{language}: {sentence}")
        self.stdout.write(f"missing translations: {len(lacking)}")
        if lacking:
            sys.exit(1)
