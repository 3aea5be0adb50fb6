"""The teacher's desk: hands its place in the menu to the shell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "diary.desks.journal"
    label = "journal"

    def ready(self) -> None:
        from diary.foundation.ui.menu import MenuEntry, entries

        entries.add("journal.courses", MenuEntry(_("Журнал"), "journal:courses", "journal", frozenset({"teacher"}), 20))
        entries.add(
            "journal.all",
            MenuEntry(_("Журналы"), "journal:courses", "journal", frozenset({"methodist", "administrator"}), 30),
        )
