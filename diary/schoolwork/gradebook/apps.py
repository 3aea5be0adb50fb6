"""The room of marks: hands its chain to the audit's check, and first kinds of work to the school import."""

from django.apps import AppConfig


class GradebookConfig(AppConfig):
    name = "diary.schoolwork.gradebook"
    label = "gradebook"

    def ready(self) -> None:
        from diary.foundation.audit.sealing import chain_checks
        from diary.people.intake.saving.parts import ImportPart, import_parts
        from diary.schoolwork.gradebook.chain import verify_marks
        from diary.schoolwork.gradebook.first_kinds import give_first_kinds

        chain_checks.add("marks", verify_marks)
        import_parts.add("gradebook.first_kinds", ImportPart(give_first_kinds))
