"""The room «roster» as Django knows it."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "diary.people.roster"
    label = "roster"
