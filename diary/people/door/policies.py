"""Who may do what with an account: its owner, and the support desk of the owner's school."""

from __future__ import annotations

from typing import Protocol

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import SIGNED_IN_BY_PASSWORD, Permission, permission
from diary.people.accounts.models import RoleGrant, User

ACCOUNT_OWN = Permission("door.account.own", frozenset(), refuses_device=True)
ACCOUNT_PROTECT = Permission("door.account.protect", frozenset(), needs_fresh_factor=True, refuses_device=True)
ACCOUNT_SUPPORT = permission("door.account.support", Role.SUPPORT, needs_fresh_factor=True)
FACTOR_ENROL = SIGNED_IN_BY_PASSWORD


class Owned(Protocol):
    """A factor or a session: it has an owner."""

    @property
    def user_id(self) -> int | None: ...


def is_owner(actor: Actor, thing: Owned) -> bool:
    """Whose factor or session it is."""
    return actor.user_id is not None and actor.user_id == thing.user_id


def can_support(actor: Actor, user: User) -> bool:
    """Support of a school that the person belongs to; who belongs to none yet is helped by any. Never one's own."""
    schools = set(actor.schools_with(Role.SUPPORT))
    theirs = set(RoleGrant.objects.filter(user_id=user.id).values_list("school_id", flat=True))
    return bool(schools) and actor.user_id != user.id and (not theirs or bool(schools & theirs))
