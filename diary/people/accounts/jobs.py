"""The worker's part: messages to phones and mailboxes."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import acting_in
from diary.foundation.core import clock
from diary.foundation.core.errors import Conflict
from diary.foundation.jobs.progress import Progress, carry_out
from diary.foundation.jobs.queues import URGENT
from diary.foundation.jobs.retrying import PARTNER
from diary.people.accounts.channels import DeliveryFailed, DeliveryRefused, channel_for
from diary.people.accounts.models import OutgoingMessage, User

logger = logging.getLogger(__name__)


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


def send_later(
    kind: str,
    address: str,
    text: str,
    *,
    subject: str = "",
    lives: dt.timedelta = dt.timedelta(hours=12),
    wait: int = 0,
) -> None:
    """Queue a message in the present transaction, to be sent in `wait` seconds.

    Neither the address nor the text stands in the job or in a log.
    """
    now = clock.now()
    row = OutgoingMessage.objects.create(
        kind=kind, address=address, text=text, subject=subject, created_at=now, expires_at=now + lives
    )
    send_message.configure(schedule_in={"seconds": wait} if wait else None).defer(message_id=str(row.id))


@app.task(name="accounts.send_message", queue=URGENT, retry=PARTNER)
def send_message(message_id: str) -> None:
    """Hand the message to its channel; its row goes with it. What came too late is not sent at all."""
    row = OutgoingMessage.objects.filter(id=message_id).first()
    if row is None:
        return
    if not row.address:
        row.delete()
        return
    channel = channel_for(row.kind)
    if row.expires_at <= clock.now() or channel is None:
        logger.warning("a message by %s was not sent: %s", row.kind, "too late" if channel else "no channel")
        row.delete()
        return
    try:
        channel.send(row.address, row.text, row.subject)
    except DeliveryRefused as problem:
        logger.error("a message by %s was refused: %s", row.kind, problem)
    except DeliveryFailed as problem:
        logger.warning("a message by %s was not taken: %s", row.kind, problem)
        raise
    row.delete()


def forget_messages() -> None:
    """Drop what was never sent and is no longer worth sending."""
    OutgoingMessage.objects.filter(expires_at__lt=clock.now()).delete()


def tell_owner(user: User, subject: str, text: str) -> None:
    """A word about the account to its confirmed mailbox; without one the sign-in journal has to do."""
    if user.email and user.email_confirmed_at is not None:
        send_later("email", user.email, text, subject=subject)
