"""The room of marks: hands its chain to the audit's check, and first kinds of work to the school import."""

from django.apps import AppConfig


class GradebookConfig(AppConfig):
    name = "diary.schoolwork.gradebook"
    label = "gradebook"

    def ready(self) -> None:
        from diary.foundation.audit.sealing import chain_checks
        from diary.people.intake.saving.parts import ImportPart, import_parts
        from diary.people.notifications.kinds import NoticeKind, notice_kinds
        from diary.schoolwork.gradebook.chain import verify_marks
        from diary.schoolwork.gradebook.first_kinds import give_first_kinds
        from diary.schoolwork.gradebook.jobs import MARK_CHANGED, words_of_change

        chain_checks.add("marks", verify_marks)
        notice_kinds.add(MARK_CHANGED, NoticeKind(words_of_change))
        import_parts.add("gradebook.first_kinds", ImportPart(give_first_kinds))
