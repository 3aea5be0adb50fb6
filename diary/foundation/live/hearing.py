"""Who may hear of a topic: the room that knows its kind says so, at the beginning of a stream and while it lasts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from diary.foundation.access.actor import Actor
from diary.foundation.access.scope import school_scope
from diary.foundation.core.registry import Registry
from diary.foundation.live.topics import PERSON

# kind → whether this person may hear of this row of this school
Rule = Callable[[Actor, int, uuid.UUID], bool]
hearing_rules: Registry[Rule] = Registry("hearing rules")


def may_hear(actor: Actor, topics: Sequence[str]) -> bool:
    """Whether every one of these topics still concerns the person. A kind that nobody knows concerns nobody."""
    with school_scope(actor.school_ids):
        return all(_may_hear(actor, *name.split(":", 2)) for name in topics)


def _may_hear(actor: Actor, kind: str, school_id: str, thing_id: str) -> bool:
    if kind == PERSON:
        return actor.user_id == int(thing_id)
    return kind in hearing_rules and hearing_rules.get(kind)(actor, int(school_id), uuid.UUID(thing_id))
