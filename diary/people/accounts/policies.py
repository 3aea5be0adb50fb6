"""Who may do what with an account."""

from __future__ import annotations

from diary.foundation.access.actor import Actor
from diary.people.accounts.models import User


def is_self(actor: Actor, user: User) -> bool:
    """The account's owner."""
    return actor.user_id is not None and actor.user_id == user.id
