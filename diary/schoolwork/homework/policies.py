"""Who may give homework and who may tick it."""

from __future__ import annotations

from diary.foundation.access.actor import Role
from diary.foundation.access.permissions import permission

HOMEWORK_TICK = permission("homework.tick.set", Role.STUDENT, Role.GUARDIAN)
