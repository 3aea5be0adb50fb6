"""The room «accounts» as Django knows it."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from diary.foundation.ui.menu import MenuEntry, entries


class AccountsConfig(AppConfig):
    name = "diary.people.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Hand in the desk of support; on a demo's machine messages go to the outbox."""
        entries.add(
            "accounts.support", MenuEntry(_("Поддержка"), "accounts:support", "people", frozenset({"support"}), 10)
        )
        if settings.MESSAGE_OUTBOX:
            from diary.people.accounts.channels import message_channels
            from diary.people.accounts.outbox import Outbox

            message_channels.add("outbox.sms", Outbox("sms"))
            message_channels.add("outbox.email", Outbox("email"))
