"""The shape of statements (S2)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.foundation.jobs.models import Task
from tests.people import Cast


@pytest.mark.django_db
def test_many_new_rows_are_written_as_values(cast: Cast) -> None:
    tasks = [Task(school_id=cast.school.id, user_id=cast.users["gleb"].id, kind="test", title="x") for _ in range(3)]
    with CaptureQueriesContext(
        connection,
    ) as seen:
        Task.objects.bulk_create(tasks)
    (written,) = [one["sql"] for one in seen.captured_queries if one["sql"].startswith("INSERT")]
    assert "VALUES" in written
    assert "UNNEST" not in written.upper()
