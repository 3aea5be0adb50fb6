"""The room «intake» as Django knows it."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "diary.people.intake"
    label = "intake"
