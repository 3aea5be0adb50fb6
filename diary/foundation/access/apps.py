"""The room «access» as Django knows it."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "diary.foundation.access"
    label = "access"
