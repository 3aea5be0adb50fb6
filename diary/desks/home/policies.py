"""Who may open the pages of students and parents; which students, `family_of` says."""

from __future__ import annotations

from diary.foundation.access.actor import Role
from diary.foundation.access.permissions import permission

DIARY_READ = permission("home.diary.read", Role.STUDENT, Role.GUARDIAN)
MARKS_SEEN = permission("home.marks.seen", Role.STUDENT, Role.GUARDIAN)
SECURITY_READ = permission("home.security.read", Role.SECURITY)
