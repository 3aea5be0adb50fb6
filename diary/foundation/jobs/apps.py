"""The room «jobs» as Django knows it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "diary.foundation.jobs"
    label = "jobs"
