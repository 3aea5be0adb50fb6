"""What a deed of the door asks to be shown before it changes anything."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.codes import LIVES
from diary.people.door.models import OneTimeCode


def must_prove(code: OneTimeCode, user: User, purpose: str) -> None:
    """The code was sent to this person for this purpose and has just been used up (`codes.use_code`)."""
    is_fresh = code.used_at is not None and clock.now() - code.used_at < LIVES
    if code.user_id != user.id or code.purpose != purpose or not is_fresh:
        raise PermissionDenied("the code proves something else")
