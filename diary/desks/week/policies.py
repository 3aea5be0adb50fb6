"""Who may look at the timetable of the school."""

from __future__ import annotations

from diary.foundation.access.actor import Role
from diary.foundation.access.permissions import permission

TIMETABLE_READ = permission(
    "week.timetable.read", Role.TEACHER, Role.METHODIST, Role.ADMINISTRATOR, Role.SECURITY, Role.SUPPORT
)
