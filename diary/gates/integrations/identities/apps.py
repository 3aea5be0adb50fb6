"""The gate «identities» as Django knows it."""

from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "diary.gates.integrations.identities"
    label = "identities"
