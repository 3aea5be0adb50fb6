"""E-mail through the server of the settings. Neither address nor text ever stands in a log or an error."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import Literal

from django.core.mail import send_mail

from diary.foundation.post.channels import DeliveryFailed


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A message channel."""

    kind: Literal["email"] = "email"

    def send(self, address: str, text: str, subject: str) -> None:
        """Hand one letter over. Raises DeliveryFailed."""
        try:
            send_mail(subject, text, None, [address])
        except smtplib.SMTPResponseException as problem:
            raise DeliveryFailed(f"the mail server answered {problem.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as problem:
            raise DeliveryFailed(f"the mail server: {type(problem).__name__}") from None
