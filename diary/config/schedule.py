"""All periodic work, in one list. Each entry runs once per tick, however many workers there are."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from diary.foundation.audit.sealing import seal_events
from diary.foundation.core import clock
from diary.foundation.core.models import DoneOnce
from diary.foundation.jobs.queues import UPKEEP
from diary.foundation.jobs.rescue import forget_failed
from diary.foundation.jobs.retrying import SOON
from diary.foundation.post.jobs import forget_messages
from diary.people.door.codes import forget_codes
from diary.people.door.guarding.guard import forget_guards
from diary.people.door.guarding.limits import forget_limits
from diary.people.door.signing_in.registering import forget_unfinished
from diary.people.roster.forgetting import forget_imports, forget_passes

KEYS_KEPT = dt.timedelta(days=60)  # longer than any page waits offline with an unsent entry


@app.periodic(cron="* * * * * */20")
@app.task(name="audit.seal", queue=UPKEEP, retry=SOON, queueing_lock="audit.seal")
def seal_audit(timestamp: int) -> None:
    """Seal waiting audit events."""
    while seal_events():
        pass


@app.periodic(cron="17 3 * * *")
@app.task(name="core.forget_keys", queue=UPKEEP, retry=SOON)
def forget_idempotency_keys(timestamp: int) -> None:
    """Drop idempotency keys that no page can send again."""
    DoneOnce.objects.filter(done_at__lt=clock.now() - KEYS_KEPT).delete()


@app.periodic(cron="11 * * * *")
@app.task(name="accounts.forget", queue=UPKEEP, retry=SOON)
def forget_what_the_door_needs_no_more(timestamp: int) -> None:
    """Drop used codes, messages that were never sent, full limits, guards of logins nobody has, unfinished accounts."""
    forget_codes()
    forget_messages()
    forget_limits()
    forget_guards()
    forget_unfinished()


@app.periodic(cron="23 * * * *")
@app.task(name="roster.forget_imports", queue=UPKEEP, retry=SOON)
def forget_handed_over_files(timestamp: int) -> None:
    """Drop files and reports of school imports, and spent QR passes of children's devices, a day later."""
    forget_imports()
    forget_passes()


@app.periodic(cron="41 3 * * *")
@app.task(name="jobs.forget", queue=UPKEEP, retry=SOON)
def forget_failed_jobs(timestamp: int) -> None:
    """Drop failed jobs a month later."""
    forget_failed()
