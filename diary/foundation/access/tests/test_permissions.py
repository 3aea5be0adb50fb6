"""Permissions: one matrix."""

from __future__ import annotations

import pytest

from diary.foundation.access.actor import ANONYMOUS, Actor, Role, RoleIn, system_actor
from diary.foundation.access.permissions import SIGNED_IN, permission

MARK_SET = permission("gradebook.mark.set", Role.TEACHER)
TEACHER = Actor(user_id=1, roles=frozenset({RoleIn(1, Role.TEACHER)}))
STUDENT = Actor(user_id=2, roles=frozenset({RoleIn(1, Role.STUDENT)}))
ROLELESS = Actor(user_id=3)


@pytest.mark.parametrize(
    ("actor", "school_id", "may_set", "may_enter"),
    [
        (TEACHER, None, True, True),
        (TEACHER, 1, True, True),
        (TEACHER, 2, False, True),
        (STUDENT, None, False, True),
        (ROLELESS, None, False, True),
        (ANONYMOUS, None, False, False),
        (system_actor([1]), 1, True, True),
        (system_actor([1]), 2, False, True),
    ],
)
def test_permission_is_held_by(actor: Actor, school_id: int | None, may_set: bool, may_enter: bool) -> None:
    assert MARK_SET.is_held_by(actor, school_id) is may_set
    assert SIGNED_IN.is_held_by(actor, school_id) is may_enter
