"""The room «audit» as Django knows it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "diary.foundation.audit"
    label = "audit"
