"""Who is acting: an immutable value that every door and deed receives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from diary.foundation.core.clock import COUNTRY


class Role(StrEnum):
    """The roles of REQUIREMENTS; a person may hold several, each in one school."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    METHODIST = "methodist"
    ADMINISTRATOR = "administrator"
    SECURITY = "security"
    SUPPORT = "support"
    SYSTEM = "system"


FAMILY_ROLES = frozenset({Role.STUDENT, Role.GUARDIAN})


@dataclass(frozen=True, slots=True)
class RoleIn:
    """A role held in one school."""

    school_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the system itself) on whose behalf code runs. `user_id` is None for an anonymous visitor.

    `factor_at` is when this session last proved a second factor; None when it came in by the password alone.
    `is_device`: a child's device speaks, which a parent has bound and takes back.
    `hidden_roles` are those whose pages the person has switched off (A11).
    `zones` are the time zones of the schools, as (school, IANA name) by ascending id.
    """

    user_id: int | None = None
    name: str = ""
    login: str = ""
    roles: frozenset[RoleIn] = field(default_factory=frozenset)
    ip: str | None = None
    factor_at: dt.datetime | None = None
    is_device: bool = False
    hidden_roles: frozenset[Role] = frozenset()
    zones: tuple[tuple[int, str], ...] = ()

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody has signed in."""
        return self.user_id is not None

    @property
    def person_id(self) -> int:
        """The user's id where somebody must have signed in; an anonymous visitor here is a mistake of the code."""
        if self.user_id is None:
            raise ValueError("an anonymous visitor cannot act")
        return self.user_id

    @property
    def school_ids(self) -> tuple[int, ...]:
        """Schools in which the actor holds any role, in ascending order."""
        return tuple(sorted({held.school_id for held in self.roles}))

    @property
    def zone(self) -> str:
        """The time zone of what belongs to no school (sign-ins): that of the first school; without one, the country's.

        What belongs to a school is shown by the clock of that school (`School.timezone`).
        """
        return self.zones[0][1] if self.zones else COUNTRY

    @property
    def role_names(self) -> frozenset[Role]:
        """Roles held anywhere."""
        return frozenset(held.role for held in self.roles)

    @property
    def shown_roles(self) -> frozenset[Role]:
        """Roles held anywhere whose pages are switched on."""
        return self.role_names - self.hidden_roles

    @property
    def is_staff(self) -> bool:
        """Whether some school has given a role that opens the data of other people's children."""
        return any(held.role not in FAMILY_ROLES for held in self.roles)

    def has_role(self, roles: Role | Iterable[Role], school_id: int | None = None) -> bool:
        """Whether one of `roles` is held: in `school_id`, or anywhere when it is None."""
        wanted = {roles} if isinstance(roles, Role) else set(roles)
        return any(held.role in wanted and school_id in (None, held.school_id) for held in self.roles)

    def schools_with(self, *roles: Role) -> tuple[int, ...]:
        """Schools in which one of `roles` is held."""
        return tuple(sorted({held.school_id for held in self.roles if held.role in roles}))


ANONYMOUS = Actor()
SYSTEM_USER_ID = 0


def system_actor(school_ids: Iterable[int]) -> Actor:
    """The system itself, for periodic work and the command line, in the given schools."""
    return Actor(
        user_id=SYSTEM_USER_ID,
        name="Система",
        roles=frozenset(RoleIn(school_id, Role.SYSTEM) for school_id in school_ids),
    )
