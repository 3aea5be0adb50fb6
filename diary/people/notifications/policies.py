"""Who may do what with notices."""

from __future__ import annotations

from typing import Any

from diary.foundation.access.actor import Actor


def is_reader(actor: Actor, about: Any) -> bool:
    """Whoever has signed in reads notices: their own, of a school in which they have a role."""
    return actor.is_authenticated and about.school_id in actor.school_ids
