"""The room «demo» as Django knows it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "diary.desks.demo"
    label = "demo"
