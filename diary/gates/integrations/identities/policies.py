"""Who may unlink: the account's owner."""

from __future__ import annotations

from diary.foundation.access.actor import Actor
from diary.foundation.access.permissions import permission
from diary.gates.integrations.identities.models import ExternalIdentity

IDENTITY_UNLINK = permission("identities.identity.unlink", needs_fresh_factor=True)


def is_owner(actor: Actor, identity: ExternalIdentity) -> bool:
    """Whose account it is linked to."""
    return actor.user_id is not None and actor.user_id == identity.user_id
