"""`manage.py rotate_keys`: new encryption keys while the site is open. Run it as the owner; repeat it after a kill."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from diary.foundation.access.scope import school_scope
from diary.foundation.core.encryption import rotation, upkeep
from diary.foundation.core.encryption.tables import sealed_tables


class Command(BaseCommand):
    """Seals everything with new data keys; or changes the master key; or removes keys that are no longer needed."""

    help = "New data keys for all schools, or for one. Needs DIARY_DATABASE_ROLE=owner."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--school N` (0: accounts), `--master`, `--drop`."""
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--school", type=int, metavar="N", help="only this school; 0 is what belongs to no school")
        one.add_argument("--master", action="store_true", help="only wrap the data keys with the newest master key")
        one.add_argument("--drop", action="store_true", help="remove keys that have sealed nothing for a day")

    def handle(self, *args: Any, school: int | None, master: bool, drop: bool, **options: Any) -> None:
        """One of the three."""
        if master:
            self.stdout.write(f"{upkeep.rewrap()} data keys wrapped with the newest master key")
            return
        tables = sealed_tables(apps.get_models())
        if drop:
            self.stdout.write(f"{upkeep.drop_emptied(tables, school_scope)} keys removed")
            return
        schools = rotation.schools_with_keys()
        if school is not None and school not in schools:
            raise CommandError(f"school {school} has no keys yet: nothing of it is sealed")
        schools = schools if school is None else [school]
        try:
            rotation.rotate(schools, tables, school_scope, self.stdout.write)
        except rotation.NotAllMoved as problem:
            raise CommandError(str(problem)) from None
