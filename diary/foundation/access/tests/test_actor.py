"""Who acts: roles by school."""

from __future__ import annotations

import dataclasses

import pytest

from diary.foundation.access.actor import ANONYMOUS, Actor, Role, RoleIn, system_actor

OLGA = Actor(
    user_id=7,
    name="Ольга",
    roles=frozenset({RoleIn(2, Role.GUARDIAN), RoleIn(1, Role.GUARDIAN), RoleIn(1, Role.TEACHER)}),
)


def test_roles_count_in_their_own_school_only() -> None:
    assert OLGA.has_role(Role.TEACHER)
    assert OLGA.has_role(Role.TEACHER, 1)
    assert not OLGA.has_role(Role.TEACHER, 2)
    assert OLGA.has_role((Role.METHODIST, Role.GUARDIAN), 2)
    assert not OLGA.has_role((), 1)


def test_schools_are_those_of_any_role_in_order() -> None:
    assert OLGA.school_ids == (1, 2)
    assert OLGA.schools_with(Role.TEACHER) == (1,)
    assert OLGA.schools_with(Role.METHODIST) == ()
    assert OLGA.role_names == {Role.GUARDIAN, Role.TEACHER}


def test_anonymous_is_nobody_and_the_system_is_somebody() -> None:
    assert not ANONYMOUS.is_authenticated
    assert (ANONYMOUS.school_ids, ANONYMOUS.role_names) == ((), frozenset())
    system = system_actor([3, 1])
    assert system.is_authenticated
    assert system.school_ids == (1, 3)
    assert not system.has_role(Role.SYSTEM, 2)


def test_actor_cannot_be_promoted_on_the_way() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        OLGA.user_id = 1  # type: ignore[misc]
