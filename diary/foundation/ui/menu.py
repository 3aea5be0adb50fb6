"""The menus: rooms hand entries in; a page shows at most six, the rest stands under «Ещё»; and links of the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from diary.foundation.access.actor import FAMILY_ROLES, Actor
from diary.foundation.core.registry import Registry
from diary.foundation.ui.addresses import named_address

MENU_LENGTH = 6


@dataclass(frozen=True)
class MenuEntry:
    """A place of the product, for the roles that work there; smaller positions come first.

    `whose` is added to the label for a person who has another entry of the same name (a teacher who is a parent too).
    """

    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str]
    position: int
    whose: str | Promise = ""


@dataclass(frozen=True)
class MenuLink:
    """A menu entry as a page shows it."""

    label: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class PersonLink:
    """A place of everybody (or of these roles), in the menu of the person at the top right."""

    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str] = frozenset()
    for_newcomers: bool = False  # also of accounts that have no role yet


entries: Registry[MenuEntry] = Registry("menu")
person_links: Registry[PersonLink] = Registry("links of the person")


def entries_for(actor: Actor, registry: Iterable[MenuEntry] = entries) -> list[MenuEntry]:
    """All entries open to any of the actor's roles, each address once: work first, the family second (W12)."""
    roles = {str(role) for role in actor.shown_roles}
    by_address: dict[str, MenuEntry] = {}
    for entry in sorted(registry, key=lambda entry: (_is_of_family(entry), entry.position)):
        if entry.roles & roles:
            by_address.setdefault(entry.url_name, entry)
    return list(by_address.values())


def menu_for(actor: Actor, current_path: str, registry: Iterable[MenuEntry] = entries) -> list[MenuLink]:
    """The menu of this person: at most six places; where there are more, the sixth is «Ещё» with all the rest."""
    links = _links(entries_for(actor, registry), current_path)
    if len(links) <= MENU_LENGTH:
        return links
    shown, rest = links[: MENU_LENGTH - 1], links[MENU_LENGTH - 1 :]
    more = named_address("ui:more")
    is_here = current_path == more or any(link.is_current for link in rest)
    return [*shown, MenuLink(label=_("Ещё"), url=more, icon="more", is_current=is_here)]


def rest_of_menu(actor: Actor, registry: Iterable[MenuEntry] = entries) -> list[MenuLink]:
    """What the page «Ещё» lists: the places for which the menu has no room."""
    links = _links(entries_for(actor, registry), "")
    return links[MENU_LENGTH - 1 :] if len(links) > MENU_LENGTH else []


def _links(found: list[MenuEntry], current_path: str) -> list[MenuLink]:
    addresses = [named_address(entry.url_name) for entry in found]
    current = _current_address(addresses, current_path)
    labels = Counter(str(entry.label) for entry in found)
    return [
        MenuLink(label=_label(entry, labels), url=address, icon=entry.icon, is_current=address == current)
        for entry, address in zip(found, addresses, strict=True)
    ]


def person_links_for(actor: Actor, current_path: str) -> list[MenuLink]:
    """The links of the menu at the top right, in the order of their rooms."""
    roles = {str(role) for role in actor.role_names}
    found = [
        link for link in person_links if not link.roles or link.roles & roles or (link.for_newcomers and not roles)
    ]
    return [
        MenuLink(str(link.label), named_address(link.url_name), link.icon, named_address(link.url_name) == current_path)
        for link in found
    ]


def _is_of_family(entry: MenuEntry) -> bool:
    """A place of pupils and parents alone; in the menu of who works in a school too, it follows the work."""
    return {str(role) for role in FAMILY_ROLES} >= entry.roles


def _label(entry: MenuEntry, labels: Counter[str]) -> str:
    label = str(entry.label)
    return f"{label} {entry.whose}" if entry.whose and labels[label] > 1 else label


def _current_address(addresses: list[str], path: str) -> str | None:
    """The longest address the path lies under; the root page is current only for itself."""
    under = [address for address in addresses if path == address or (address != "/" and path.startswith(address))]
    return max(under, key=len, default=None)
