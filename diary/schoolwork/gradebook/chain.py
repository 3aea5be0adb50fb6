"""The check of the marks' history: is every change still what was written, and does it follow the one before? (M9)"""

from __future__ import annotations

from collections.abc import Iterator

from diary.foundation.access.scope import school_scope
from diary.people.schools.models import School
from diary.schoolwork.gradebook.models import MarkChange
from diary.schoolwork.gradebook.rules import FIRST_PREVIOUS, change_hash


def verify_marks() -> Iterator[str]:
    """Every school's history, one sentence for each break. Set up as an audit chain in apps.py."""
    for school_id in School.objects.order_by("id").values_list("id", flat=True):
        with school_scope([school_id]):
            yield from broken_changes()


def broken_changes() -> Iterator[str]:
    """Breaks in the history of the schools in scope: changed content, a missing link, a wrong link."""
    mark_id, version, previous = None, 0, FIRST_PREVIOUS
    for change in MarkChange.objects.order_by("school_id", "mark_id", "version").iterator(chunk_size=5000):
        if change.mark_id != mark_id:
            mark_id, version, previous = change.mark_id, 0, FIRST_PREVIOUS
        name = f"mark {change.mark_id} of school {change.school_id}, change {change.version}"
        if change.version != version + 1:
            yield f"{name}: the change before it is missing"
        elif bytes(change.previous_hash) != previous:
            yield f"{name}: does not follow the change before it"
        if change_hash(change) != bytes(change.hash):
            yield f"{name}: changed after it was written"
        version, previous = change.version, bytes(change.hash)
