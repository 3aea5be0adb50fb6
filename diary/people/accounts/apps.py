"""The room «accounts» as Django knows it."""

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    name = "diary.people.accounts"
    label = "accounts"

    def ready(self) -> None:
        """On a demo's machine messages go to the outbox."""
        if settings.MESSAGE_OUTBOX:
            from diary.people.accounts.channels import message_channels
            from diary.people.accounts.outbox import Outbox

            message_channels.add("outbox.sms", Outbox("sms"))
            message_channels.add("outbox.email", Outbox("email"))
