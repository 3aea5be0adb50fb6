"""A permission is a name and the roles that may hold it; rows are narrowed further by policies and visible_to."""

from __future__ import annotations

from dataclasses import dataclass

from diary.foundation.access.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Permission:
    """«room.object.verb» and the roles that may use it; no roles means everyone who is signed in."""

    name: str
    roles: frozenset[Role]

    def is_held_by(self, actor: Actor, school_id: int | None = None) -> bool:
        """Whether the actor has one of the roles (in that school, when given). The system may do everything."""
        if not self.roles:
            return actor.is_authenticated
        return actor.has_role(self.roles | {Role.SYSTEM}, school_id)


def permission(name: str, *roles: Role) -> Permission:
    """A permission for these roles; without roles, for everyone who is signed in."""
    return Permission(name, frozenset(roles))


SIGNED_IN = permission("access.signed_in")
