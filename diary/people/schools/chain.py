"""Takes the check of every history through every school."""

from __future__ import annotations

from collections.abc import Iterator

from diary.foundation.access.scope import school_scope
from diary.foundation.audit.histories import history_breaks
from diary.people.schools.models import School


def verify_histories() -> Iterator[str]:
    """One sentence for each break in any history of any school. Set up as an audit chain in apps.py."""
    for school_id in School.objects.order_by("id").values_list("id", flat=True):
        with school_scope([school_id]):
            yield from history_breaks(school_id)
