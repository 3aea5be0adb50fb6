"""The room «office» as Django knows it."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "diary.desks.office"
    label = "office"
