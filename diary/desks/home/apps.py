"""The desk «home» as Django knows it, and its places in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from diary.foundation.ui.menu import MenuEntry, entries

FAMILY = frozenset({"student", "guardian"})


class HomeConfig(AppConfig):
    name = "diary.desks.home"
    label = "home"

    def ready(self) -> None:
        """Hand in the menu entries of students and parents."""
        entries.add("home.diary", MenuEntry(_("Дневник"), "home:diary_entry", "diary", FAMILY, 10))
        entries.add("home.marks", MenuEntry(_("Оценки"), "home:marks_entry", "marks", FAMILY, 20))
        entries.add(
            "home.timetable", MenuEntry(_("Расписание"), "home:timetable_entry", "clock", FAMILY, 40, _("детей"))
        )
        guard = frozenset({"security"})
        entries.add("home.security", MenuEntry(_("Начало"), "home:security", "security", guard, 5))
