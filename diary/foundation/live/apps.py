"""The room «live» as Django knows it."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "diary.foundation.live"
    label = "live"
