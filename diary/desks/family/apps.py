"""The desk «family» as Django knows it, and its place in the menu of the person."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from diary.foundation.access.actor import Role
from diary.foundation.ui.menu import PersonLink, person_links


class FamilyConfig(AppConfig):
    name = "diary.desks.family"
    label = "family"

    def ready(self) -> None:
        """Everybody but pupils may have a child here."""
        grown_ups = frozenset(role.value for role in Role if role not in (Role.STUDENT, Role.SYSTEM))
        person_links.add("family.list", PersonLink(_("Семейные пользователи"), "family:list", "people", grown_ups))
