"""Who may come to pages of the office that no lower room has a word for."""

from __future__ import annotations

from diary.foundation.access.actor import Role
from diary.foundation.access.permissions import permission

LESSONS_LAY_OUT = permission("office.lessons.lay_out", Role.METHODIST, Role.ADMINISTRATOR)
