"""`manage.py update_translations`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from diary.foundation.ui.catalogs import update_catalogues


class Command(BaseCommand):
    help = "Bring the catalogues up to the sentences of the source."
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        update_catalogues()
