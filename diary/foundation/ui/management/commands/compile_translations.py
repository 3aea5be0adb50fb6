"""`manage.py compile_translations`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from diary.foundation.ui.catalogs import compile_catalogues


class Command(BaseCommand):
    help = "Compile the catalogues for gettext."
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalogues()
