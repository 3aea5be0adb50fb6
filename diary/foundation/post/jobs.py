"""The one way for anything to leave for a person: a message is kept, then handed to its channel by the worker."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from procrastinate.contrib.django import app

from diary.foundation.core import clock
from diary.foundation.jobs.queues import URGENT
from diary.foundation.jobs.retrying import PARTNER
from diary.foundation.post.channels import DeliveryFailed, DeliveryRefused, channel_for
from diary.foundation.post.models import OutgoingMessage

logger = logging.getLogger(__name__)


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


@app.task(name="post.send_message", queue=URGENT, retry=PARTNER)
def send_message(message_id: str) -> None:
    """Hand the message to its channel; its row goes with it. What came too late is not sent at all.

    The row is held meanwhile: two workers never send it side by side, and what a channel of ours writes stays if and
    only if the row goes. A worker killed after a partner took the message sends it again: better twice than never.
    """
    with transaction.atomic():
        row = OutgoingMessage.objects.select_for_update().filter(id=message_id).first()
        if row is not None:
            _hand_over(row)
            row.delete()


def _hand_over(row: OutgoingMessage) -> None:
    if not row.address:
        return
    channel = channel_for(row.kind)
    if row.expires_at <= clock.now() or channel is None:
        logger.warning("a message by %s was not sent: %s", row.kind, "too late" if channel else "no channel")
        return
    try:
        channel.send(row.address, row.text, row.subject)
    except DeliveryRefused as problem:
        logger.error("a message by %s was refused: %s", row.kind, problem)
    except DeliveryFailed as problem:
        logger.warning("a message by %s was not taken: %s", row.kind, problem)
        raise


def forget_messages() -> None:
    """Drop what was never sent and is no longer worth sending."""
    OutgoingMessage.objects.filter(expires_at__lt=clock.now()).delete()
