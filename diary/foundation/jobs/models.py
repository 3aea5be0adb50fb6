"""Long work that somebody waits for: how far it is, whether it should stop, how it ended."""

from __future__ import annotations

import datetime as dt
from typing import Protocol, Self

from django.db import models

from diary.foundation.core import clock
from diary.foundation.core.models import SchoolOwned

STALLED_AFTER = dt.timedelta(minutes=5)  # without a word from the worker


class WhoLooks(Protocol):
    """The part of an actor that decides which tasks are seen."""

    @property
    def school_ids(self) -> tuple[int, ...]: ...


class TaskRows(models.QuerySet["Task"]):
    """Tasks; the page that shows one decides by its own subject who may look."""

    def visible_to(self, actor: WhoLooks) -> Self:
        """Tasks of the actor's schools."""
        return self.filter(school_id__in=actor.school_ids)

    def ask_to_stop(self) -> int:
        """Ask the work to stop at its next step; work that nobody has begun stops at once. Gives how many heard."""
        unbegun = self.filter(state=Task.State.WAITING)
        stopped = unbegun.update(state=Task.State.STOPPED, stop_asked=True, finished_at=clock.now())
        return stopped + self.filter(state=Task.State.RUNNING, stop_asked=False).update(stop_asked=True)


class Task(SchoolOwned):
    """One piece of background work. Written by the worker over a connection of its own, see `progress`."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        STOPPED = "stopped"

    user_id = models.BigIntegerField(help_text="who waits for it")
    kind = models.CharField(max_length=40)
    title = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="0 while nobody knows how much there is")
    message = models.TextField(blank=True, help_text="what is happening, or why it ended badly")
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="when the worker last said something")
    finished_at = models.DateTimeField(null=True)
    stop_asked = models.BooleanField(default=False)

    objects = TaskRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["school", "created_at"], name="jobs_task_created")]

    @property
    def is_going(self) -> bool:
        """Whether it makes sense to wait for it."""
        return self.state in (self.State.WAITING, self.State.RUNNING) and not self.is_stalled

    @property
    def is_stalled(self) -> bool:
        """Whether the worker fell silent in the middle: it was killed, or the machine went down."""
        return self.state == self.State.RUNNING and (self.beat_at or self.created_at) < clock.now() - STALLED_AFTER
