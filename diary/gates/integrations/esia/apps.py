"""The gate «esia» as Django knows it."""

from django.apps import AppConfig


class EsiaConfig(AppConfig):
    name = "diary.gates.integrations.esia"
    label = "esia"

    def ready(self) -> None:
        from django.core.checks import register

        from diary.gates.integrations.esia.checks import check_files

        register(check_files, "esia")
