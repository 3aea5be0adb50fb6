"""The office: school, people, import. Hands in its menu entries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from diary.foundation.ui.menu import MenuEntry, entries


class OfficeConfig(AppConfig):
    name = "diary.desks.office"
    label = "office"

    def ready(self) -> None:
        """Places of UI.md that have content."""
        entries.add("office.school", MenuEntry(_("Школа"), "office:school", "school", frozenset({"administrator"}), 10))
        people = frozenset({"methodist", "administrator"})
        entries.add("office.people", MenuEntry(_("Люди"), "office:people", "people", people, 30))
        lessons = MenuEntry(_("Уроки на датах"), "office:lessons", "today", frozenset({"methodist"}), 40)
        entries.add("office.lessons", lessons)
        entries.add(
            "office.guardians", MenuEntry(_("Доступ"), "office:guardians", "access", frozenset({"administrator"}), 40)
        )
