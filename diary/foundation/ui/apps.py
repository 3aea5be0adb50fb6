"""The app of the shared face: its label and nothing else."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "diary.foundation.ui"
    label = "ui"
