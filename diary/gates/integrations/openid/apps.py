"""The gate «openid» as Django knows it."""

from django.apps import AppConfig


class OpenIdConfig(AppConfig):
    name = "diary.gates.integrations.openid"
    label = "openid"
