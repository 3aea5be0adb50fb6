"""Work on behalf of a person: carried out as them, told to them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import acting_in
from diary.foundation.core.errors import Conflict
from diary.foundation.jobs.progress import Progress, carry_out
from diary.foundation.post.jobs import send_later
from diary.people.accounts.models import User


def carry_out_as(
    user_id: int, language: str, school_id: int, task_id: str, work: Callable[[Actor, Progress], str | None]
) -> None:
    """Carry out a task as the person who asked for it: with the roles of now, in the language that they read.

    `work(actor, tell)` runs in the scope of the actor's schools; see `jobs.progress.carry_out` for how it ends.
    """

    def as_the_person(tell: Progress) -> str | None:
        user = User.objects.with_roles().filter(id=user_id, is_active=True, deactivated_at=None).first()
        if user is None:
            raise Conflict(_("Учётная запись закрыта, поэтому работа не начата."))
        actor = user.as_actor()
        with acting_in(actor):
            return work(actor, tell)

    with translation.override(language):
        carry_out(school_id, uuid.UUID(task_id), as_the_person)


def tell_owner(user: User, subject: str, text: str) -> None:
    """A word about the account to its confirmed mailbox; without one the sign-in journal has to do."""
    if user.email and user.email_confirmed_at is not None:
        send_later("email", user.email, text, subject=subject)
