"""What dies with a lost phone or a closed account; rooms that give out tokens or subscriptions hand in how (A9)."""

from __future__ import annotations

import uuid
from typing import Protocol

from diary.foundation.core.registry import Registry


class Revocation(Protocol):
    """Takes things away in the present transaction and says how many there were."""

    def __call__(self, user_id: int, session: uuid.UUID | None, /) -> int:
        """Everything of the person, or only what was given to the browser of this session (`Session.handle`)."""


revocations: Registry[Revocation] = Registry("revocations")


def revoke_all(user_id: int, session: uuid.UUID | None = None) -> dict[str, int]:
    """Take everything away; how many things of each kind there were."""
    return {name: revoke(user_id, session) for name, revoke in revocations.items()}
