"""The room «post» as Django knows it."""

from django.apps import AppConfig
from django.conf import settings


class PostConfig(AppConfig):
    name = "diary.foundation.post"
    label = "post"

    def ready(self) -> None:
        """On a demo's machine messages go to the outbox."""
        if settings.MESSAGE_OUTBOX:
            from diary.foundation.post.channels import message_channels
            from diary.foundation.post.outbox import Outbox

            message_channels.add("outbox.sms", Outbox("sms"))
            message_channels.add("outbox.email", Outbox("email"))
