"""The worker's part: messages to phones and mailboxes."""

from __future__ import annotations

import datetime as dt
import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from diary.foundation.core import clock
from diary.people.accounts.channels import DeliveryFailed, DeliveryRefused, channel_for
from diary.people.accounts.models import OutgoingMessage, User

logger = logging.getLogger(__name__)
RETRIES = RetryStrategy(max_attempts=6, exponential_wait=3)


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


@app.task(name="accounts.send_message", queue="live", retry=RETRIES)
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
