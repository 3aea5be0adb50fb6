"""The desk «settings» as Django knows it: its links in the menu of the person, its reminders on first pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from diary.foundation.access.actor import FAMILY_ROLES
from diary.foundation.ui.menu import PersonLink, person_links
from diary.foundation.ui.reminders import reminders


class SettingsConfig(AppConfig):
    name = "diary.desks.settings"
    label = "settings"

    def ready(self) -> None:
        """Everybody has an account to look after; families have a service to switch."""
        from diary.desks.settings.reminding import contacts_reminder, devices_reminder

        person_links.add("settings.index", PersonLink(_("Настройки"), "settings:index", "settings"))
        person_links.add("settings.security", PersonLink(_("Безопасность"), "settings:security", "security"))
        person_links.add("settings.contacts", PersonLink(_("Контактные данные"), "settings:contacts", "user"))
        family = frozenset(role.value for role in FAMILY_ROLES)
        person_links.add("settings.services", PersonLink(_("Услуги"), "settings:services", "diary", family))
        reminders.add("settings.devices", devices_reminder)
        reminders.add("settings.contacts", contacts_reminder)
