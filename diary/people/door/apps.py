"""The room «door» as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from diary.foundation.ui.menu import MenuEntry, entries


class DoorConfig(AppConfig):
    name = "diary.people.door"
    label = "door"

    def ready(self) -> None:
        """Hand in the desk of support."""
        entries.add("door.support", MenuEntry(_("Поддержка"), "door:support", "lock", frozenset({"support"}), 10))
