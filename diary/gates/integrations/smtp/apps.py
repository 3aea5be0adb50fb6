"""The gate «smtp»: hands Django's mail to accounts as the channel of e-mail, where a server is configured."""

from django.apps import AppConfig
from django.conf import settings


class SmtpConfig(AppConfig):
    name = "diary.gates.integrations.smtp"
    label = "smtp"

    def ready(self) -> None:
        from diary.foundation.post.channels import message_channels
        from diary.gates.integrations.smtp.mailbox import Mailbox

        if settings.EMAIL_HOST:
            message_channels.add("smtp", Mailbox())
