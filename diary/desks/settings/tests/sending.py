"""What is on its way to phones and mailboxes, for these tests."""

from __future__ import annotations

import re

from diary.foundation.post.models import OutgoingMessage

CODE = re.compile(r"\b\d{6}\b")


def messages_to(address: str) -> list[str]:
    """Texts that wait for the worker, for this phone or mailbox."""
    return [one.text for one in OutgoingMessage.objects.order_by("created_at") if one.address == address]


def code_to(address: str) -> str:
    """The code in the only message with one."""
    codes = [found[0] for text in messages_to(address) if (found := CODE.search(text))]
    assert codes, f"no code was sent to {address}"
    return codes[-1]


def wrong(code: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(code) + 1) % 10**6:06}"
