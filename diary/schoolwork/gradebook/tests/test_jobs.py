"""After an entry: notices by change, and a word to the pages that are open (G2, C8)."""

from __future__ import annotations

import uuid

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.people.notifications.models import Notification
from diary.people.roster.models import Course
from diary.schoolwork.gradebook.actions import CellEntry, enter_cells
from diary.schoolwork.gradebook.jobs import MARK_CHANGED, announce
from tests.people import Cast


def test_announcement_of_a_saved_mark_reaches_the_family_by_its_change(cast: Cast) -> None:
    course = Course.objects.select_related("subject", "group", "teacher", "school").get(id=cast.algebra.id)
    entry = CellEntry(cast.lessons[3].id, cast.masha.id, "5", 0)
    enter_cells(cast.actor("anna"), course, cells=[entry], key=uuid.uuid4())
    job = ProcrastinateJob.objects.get(task_name="gradebook.announce")
    announce(**job.args)
    announce(**job.args)
    notices = Notification.objects.filter(kind=MARK_CHANGED)
    assert {notice.user_id for notice in notices} == {cast.users[one].id for one in ("masha", "olga", "pavel")}
    assert {str(notice.subject_id) for notice in notices} == set(job.args["change_ids"])


def test_nobody_sends_notify_inside_the_writers_transaction(cast: Cast) -> None:
    """NOTIFY holds an instance-wide lock at commit: the insert of a job must not fire one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'procrastinate_jobs'::regclass AND NOT tgisinternal"
        )
        names = {row[0] for row in cursor.fetchall()}
    assert not any("job_inserted" in name for name in names)
