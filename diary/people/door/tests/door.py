"""Help for tests of the door: the worker's part, and what came to a phone or a mailbox."""

from __future__ import annotations

import re

from django.test import Client

from diary.foundation.post.jobs import send_message
from diary.foundation.post.models import OutboxMessage, OutgoingMessage
from diary.people.accounts.models import User
from tests.people import PASSWORD

SIGN_IN = "/sign-in/"


def deliver() -> None:
    """What the worker does with waiting messages."""
    for row in list(OutgoingMessage.objects.order_by("created_at")):
        send_message(message_id=str(row.id))


def letters_to(address: str) -> list[str]:
    """Texts that came to this phone or mailbox, the newest first."""
    deliver()
    letters = OutboxMessage.objects.order_by("-sent_at", "-id")
    return [letter.text for letter in letters if letter.address == address]


def code_sent_to(address: str) -> str:
    """The newest code that came there. The outbox of a test holds one for each address and purpose at a time."""
    deliver()
    codes = [
        (letter.sent_at, found[0])
        for letter in OutboxMessage.objects.all()
        if letter.address == address and (found := re.search(r"\b\d{6}\b", letter.text))
    ]
    assert codes, f"no code came to {address}"
    return max(codes)[1]


def give_password(browser: Client, login: str, password: str = PASSWORD, **other: str):  # type: ignore[no-untyped-def]
    """The first step of signing in."""
    return browser.post(SIGN_IN, {"login": login, "password": password} | other)


def enter(browser: Client, login: str, **other: str):  # type: ignore[no-untyped-def]
    """The whole way in of a member of staff whose second factor is an SMS."""
    give_password(browser, login, **other)
    code = code_sent_to(User.objects.get(login=login).phone)
    return browser.post("/sign-in/factor/", {"kind": "sms", "typed": code, "prove": "1"})
