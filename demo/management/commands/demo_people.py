"""`manage.py demo_people`: who can sign in to the demo, and what to look at first."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from demo.cast import DEMO_PASSWORD, demo_people


class Command(BaseCommand):
    """Prints the cast."""

    help = "Показать людей демо-школы: роль, имя, логин, пароль, что посмотреть сначала."

    def handle(self, *args: Any, **options: Any) -> None:
        """A table in Russian."""
        head = ("Роль", "Кто", "Логин", "Пароль", "Что посмотреть сначала")
        rows = [head, *((str(one.role), one.name, one.login, one.password, str(one.look_at)) for one in demo_people())]
        widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
        for number, row in enumerate(rows):
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
            if number == 0:
                self.stdout.write("  ".join("─" * width for width in widths))
        self.stdout.write(
            "\nСотрудники подтверждают вход кодом из SMS; SMS и письма демо-школы приходят на страницу /outbox/"
        )
        self.stdout.write(f"У всех придуманных людей (их в двух школах больше двух тысяч) пароль {DEMO_PASSWORD}")
