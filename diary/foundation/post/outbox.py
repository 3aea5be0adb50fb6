"""The channels of the demo and of tests: nothing leaves the machine, a page shows what would have been sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from diary.foundation.core import clock
from diary.foundation.post.models import OutboxMessage

KEPT_FOR = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Keeps what it is given."""

    kind: Literal["sms", "email"]

    def send(self, address: str, text: str, subject: str) -> None:
        """Keep the message; what is a day old goes."""
        OutboxMessage.objects.filter(sent_at__lt=clock.now() - KEPT_FOR).delete()
        OutboxMessage.objects.create(kind=self.kind, address=address, text=text, subject=subject, sent_at=clock.now())


def latest_messages() -> list[OutboxMessage]:
    """The newest fifty, newest first."""
    return list(OutboxMessage.objects.order_by("-sent_at")[:50])
