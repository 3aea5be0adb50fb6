"""The room of marks: hands its chain to the audit's check."""

from django.apps import AppConfig


class GradebookConfig(AppConfig):
    name = "diary.schoolwork.gradebook"
    label = "gradebook"

    def ready(self) -> None:
        from diary.foundation.audit.sealing import chain_checks
        from diary.schoolwork.gradebook.chain import verify_marks

        chain_checks.add("marks", verify_marks)
