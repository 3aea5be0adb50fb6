"""Saves the pupils' documents: one of a kind for each; what a file does not say stays."""

from __future__ import annotations

from collections.abc import Iterable

from diary.people.intake.saving.batch import NEW_AT_ONCE
from diary.people.roster.models import Student, StudentDocument
from diary.people.roster.rules.documents import Document


def save_documents(given: Iterable[tuple[Document | None, Student]]) -> None:
    """New ones at once; a changed one is sealed for its row and therefore written by itself."""
    wanted = {(student.id, document.kind.value): (student, document) for document, student in given if document}
    if not wanted:
        return
    school_id = next(iter(wanted.values()))[0].school_id
    student_ids = [student_id for student_id, _kind in wanted]
    for row in StudentDocument.objects.filter(school_id=school_id, student_id__in=student_ids).order_by("id"):
        pair = wanted.pop((row.student_id, row.kind), None)
        if pair:
            _change(row, StudentDocument.made(*pair))
    new = [StudentDocument.made(student, document) for student, document in wanted.values()]
    StudentDocument.objects.bulk_create(new, batch_size=NEW_AT_ONCE)


def _change(row: StudentDocument, now: StudentDocument) -> None:
    if bytes(row.text_index) != bytes(now.text_index):
        row.text, row.text_index = now.text, now.text_index
        row.save(update_fields=["text", "text_index"])
