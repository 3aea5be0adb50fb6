"""The room «schools» as Django knows it."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "diary.people.schools"
    label = "schools"
