"""The room «access» as Django knows it."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "diary.foundation.access"
    label = "access"

    def ready(self) -> None:
        """Without this import nothing has registered the check of doors by the time the checks run."""
        from diary.foundation.access import doors  # noqa: F401
