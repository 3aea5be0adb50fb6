"""The room «journal» as Django knows it."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "diary.desks.journal"
    label = "journal"
