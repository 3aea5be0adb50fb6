"""Forgets a day later: handed-over files with their reports and tasks, QR passes that bind nothing any more."""

from __future__ import annotations

import datetime as dt

from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.foundation.jobs.models import Task
from diary.people.roster.models import DevicePass, ImportRun
from diary.people.schools.models import School

KEPT = dt.timedelta(days=1)


def forget_imports() -> int:
    """Delete the imports of all schools that are older than a day; gives how many. Idempotent."""
    with school_scope(School.objects.order_by("id").values_list("id", flat=True)):
        old = ImportRun.objects.filter(created_at__lt=clock.now() - KEPT)
        task_ids = [one for pair in old.values_list("check_task_id", "load_task_id") for one in pair if one]
        count, _by_model = old.delete()
        Task.objects.filter(id__in=task_ids).delete()
        return count


def forget_passes() -> int:
    """Delete the passes that closed more than a day ago; gives how many. The audit log knows who issued them."""
    count, _by_model = DevicePass.objects.filter(expires_at__lt=clock.now() - KEPT).delete()
    return count
