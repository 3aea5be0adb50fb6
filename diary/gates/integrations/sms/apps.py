"""The gate «sms»: hands the gateway to accounts as the channel of SMS, where one is configured."""

from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "diary.gates.integrations.sms"
    label = "sms"

    def ready(self) -> None:
        from diary.foundation.post.channels import message_channels
        from diary.gates.integrations.sms.gateway import gateway

        if found := gateway():
            message_channels.add("sms.ru", found)
