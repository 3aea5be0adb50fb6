"""The base of all rooms."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "diary.foundation.core"
    label = "core"
