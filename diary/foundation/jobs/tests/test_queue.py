"""Work for later: queued with the deed or not at all, and really carried out by the worker."""

from __future__ import annotations

import uuid

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.config.schedule import seal_audit
from diary.foundation.access.scope import school_scope
from diary.foundation.audit.models import AuditEvent, AuditSeal
from diary.foundation.core import clock
from diary.people.notifications.models import Notification
from diary.people.roster.models import Course
from diary.schoolwork.gradebook.actions import CellEntry, enter_cells
from tests.committed import other_connections_closed
from tests.people import NOW, Cast


def enter(cast: Cast) -> None:
    """Анна gives Маша a five."""
    course = Course.objects.select_related("subject", "group", "teacher", "school").get(
        school_id=cast.school.id, id=cast.algebra.id
    )
    cell = CellEntry(cast.lessons[3].id, cast.masha.id, "5", 0)
    enter_cells(cast.actor("anna"), course, cells=[cell], key=uuid.uuid4())


def work_off(*queues: str) -> None:
    """One worker, until nothing is left to do."""
    worker = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with other_connections_closed(), app.replace_connector(worker) as working:
        working.run_worker(
            queues=list(queues), wait=False, listen_notify=False, install_signal_handlers=False, concurrency=1
        )


def test_job_of_a_deed_that_was_rolled_back_is_not_there(cast: Cast) -> None:
    with transaction.atomic():
        enter(cast)
        assert ProcrastinateJob.objects.count() == 1
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()


def test_worker_carries_a_mark_to_the_family(committed: Cast) -> None:
    with school_scope([committed.school.id]), clock.fixed(NOW):
        enter(committed)
    work_off("urgent")
    with school_scope([committed.school.id]):
        told = set(Notification.objects.values_list("user__login", flat=True))
    assert told == {"masha", "olga", "pavel"}
    assert ProcrastinateJob.objects.get(queue_name="urgent").status == "succeeded"


def test_worker_seals_the_log(committed: Cast) -> None:
    with school_scope([committed.school.id]), clock.fixed(NOW):
        enter(committed)
    seal_audit.defer(timestamp=0)
    work_off("upkeep")
    assert AuditSeal.objects.get().event_ids == list(AuditEvent.objects.order_by("id").values_list("id", flat=True))
