"""Letters leave over SMTP, and failures tell nothing of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from diary.foundation.post.channels import DeliveryFailed
from diary.gates.integrations.smtp.mailbox import Mailbox
from tests.doubles.smtp.server import MailServer, playing


@pytest.fixture
def server(settings: LazySettings) -> Iterator[MailServer]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "diary@example.org"
    with playing() as (port, inside):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield inside


def test_letter_arrives(server: MailServer) -> None:
    Mailbox().send("olga@example.org", "Код: 483920", "Код для дневника")
    (letter,) = server.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "olga@example.org",
        "diary@example.org",
        "Код для дневника",
    )
    assert letter.get_content().strip() == "Код: 483920"


@pytest.mark.parametrize(
    ("command", "line"),
    [("RCPT", "550 olga@example.org unknown"), ("MAIL", "451 later"), (".", "552 Код: 483920 too big")],
)
def test_refusal_is_told_without_the_address_and_the_text(server: MailServer, command: str, line: str) -> None:
    server.troubles[command] = line
    with pytest.raises(DeliveryFailed) as failure:
        Mailbox().send("olga@example.org", "Код: 483920", "Код для дневника")
    told = repr(failure.value) + repr(failure.value.__cause__)
    assert "olga" not in told
    assert "483920" not in told


def test_server_that_is_not_there_is_told(server: MailServer, settings: LazySettings) -> None:
    settings.EMAIL_PORT = 9
    with pytest.raises(DeliveryFailed, match="ConnectionRefusedError"):
        Mailbox().send("olga@example.org", "Код: 483920", "Код для дневника")


def test_subject_cannot_add_a_header(server: MailServer) -> None:
    with pytest.raises(ValueError):
        Mailbox().send("olga@example.org", "текст", "Код\nBcc: evil@example.org")
    assert server.letters == []
