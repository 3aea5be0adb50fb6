"""Django's migrate, and then the grants and row policies, so that no table is ever left without them."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate

from diary.foundation.access.database import secure_tables


class Command(DjangoMigrate):
    """`migrate` that leaves a secured database."""

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            secure_tables(options["database"])
