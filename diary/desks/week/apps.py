"""The desk «week» as Django knows it, and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from diary.foundation.ui.menu import MenuEntry, entries

STAFF = frozenset({"teacher", "methodist", "administrator", "security", "support"})


class WeekConfig(AppConfig):
    name = "diary.desks.week"
    label = "week"

    def ready(self) -> None:
        """Hand in the menu entry of those who work in the school."""
        entries.add("week.timetable", MenuEntry(_("Расписание"), "week:timetable", "timetable", STAFF, 40))
