"""The room «homework» as Django knows it."""

from django.apps import AppConfig


class HomeworkConfig(AppConfig):
    name = "diary.schoolwork.homework"
    label = "homework"
