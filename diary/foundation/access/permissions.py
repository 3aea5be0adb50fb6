"""A permission is a name and the roles that may hold it; rows are narrowed further by policies and visible_to."""

from __future__ import annotations

from dataclasses import dataclass

from diary.foundation.access.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Permission:
    """«room.object.verb» and the roles that may use it; no roles means everyone who is signed in.

    Staff need a second factor at every door (A5) but those that open without one: where it is set up. A device that a
    parent has bound for a child (A16) is not the account: what protects the account itself refuses it.
    """

    name: str
    roles: frozenset[Role]
    needs_fresh_factor: bool = False
    opens_without_factor: bool = False
    refuses_device: bool = False

    def is_held_by(self, actor: Actor, school_id: int | None = None) -> bool:
        """Whether the actor has one of the roles (in that school, when given). The system may do everything."""
        if self.refuses_device and actor.is_device:
            return False
        if not self.roles:
            return actor.is_authenticated
        return actor.has_role(self.roles | {Role.SYSTEM}, school_id)

    def is_switched_off(self, actor: Actor) -> bool:
        """Whether the actor holds it by roles alone whose pages are switched off (A11)."""
        return bool(self.roles & actor.hidden_roles) and not self.roles & actor.shown_roles


def permission(name: str, *roles: Role, needs_fresh_factor: bool = False) -> Permission:
    """A permission for these roles; without roles, for everyone who is signed in.

    With `needs_fresh_factor` its doors open only to who has proved a second factor in the last 15 minutes.
    """
    return Permission(name, frozenset(roles), needs_fresh_factor)


SIGNED_IN = permission("access.signed_in")
SIGNED_IN_BY_PASSWORD = Permission(
    "access.signed_in_by_password", frozenset(), opens_without_factor=True, refuses_device=True
)
