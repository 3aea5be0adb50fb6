"""The room «schools» as Django knows it: takes the audit's check of histories through its schools."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "diary.people.schools"
    label = "schools"

    def ready(self) -> None:
        from diary.foundation.audit.sealing import chain_checks
        from diary.people.schools.chain import verify_histories

        chain_checks.add("histories", verify_histories)
