"""The desk «family» as Django knows it, and its place in the menu of the person."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from diary.foundation.access.actor import Role
from diary.foundation.ui.menu import PersonLink, person_links


class FamilyConfig(AppConfig):
    name = "diary.desks.family"
    label = "family"

    def ready(self) -> None:
        """Everybody but pupils may have a child here; pupils see who reads; a child's device has its own way in."""
        grown_ups = frozenset(role.value for role in Role if role not in (Role.STUDENT, Role.SYSTEM))
        from diary.desks.family.views.entry import way_of_device
        from diary.people.door.signing_in.known_browsers import known_browser_entries

        known_browser_entries.add("child device", way_of_device)
        link = PersonLink(_("Семейные пользователи"), "family:list", "people", grown_ups, for_newcomers=True)
        person_links.add("family.list", link)
        pupils = frozenset({Role.STUDENT.value})
        person_links.add("family.seen_by", PersonLink(_("Кто видит мой дневник"), "family:list", "people", pupils))
