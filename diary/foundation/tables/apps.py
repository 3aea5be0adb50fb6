"""The room «tables» as Django knows it."""

from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "diary.foundation.tables"
    label = "tables"
