"""Who may change what on these pages: everybody their own; what a thief could use wants a fresh second factor."""

from __future__ import annotations

from diary.foundation.access.actor import FAMILY_ROLES, Actor
from diary.people.door.policies import ACCOUNT_OWN, ACCOUNT_PROTECT

__all__ = ["ACCOUNT_OWN", "ACCOUNT_PROTECT", "has_services"]


def has_services(actor: Actor) -> bool:
    """Whether there is a service to switch: pupils and guardians have the diary, the journal of staff is no choice."""
    return actor.has_role(FAMILY_ROLES)
