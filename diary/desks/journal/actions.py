"""What a teacher does on the lesson page: several rooms change together."""

from __future__ import annotations

import datetime as dt
import uuid

from diary.desks.journal.policies import can_save_lesson
from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.people.roster.models import Course
from diary.schoolwork.gradebook.actions import set_work
from diary.schoolwork.gradebook.jobs import announce_entries
from diary.schoolwork.homework.actions import set_homework
from diary.schoolwork.planner.actions import set_topic
from diary.schoolwork.timetable.models import Lesson


@action(check=can_save_lesson, audits=False)
def save_lesson(
    actor: Actor,
    course: Course,
    *,
    lesson: Lesson,
    topic: str,
    note: str,
    topic_version: int,
    kind_id: uuid.UUID,
    reason: str = "",
    homework: str,
    minutes: int,
    homework_version: int,
    due_on: dt.date | None = None,
) -> None:
    """Topic, note, kind of work and homework of a lesson, all or nothing (M2).

    Raises Conflict when the topic or the homework was changed by somebody else meanwhile, and CellsRefused when another
    kind of work would change standing marks and no `reason` is given.
    """
    written = set_topic(actor, course, lesson=lesson, topic=topic, note=note, version=topic_version)
    given = set_homework(
        actor, course, lesson=lesson, text=homework, minutes=minutes, version=homework_version, chosen_on=due_on
    )
    is_given = given is not None and given.version != homework_version
    is_reworked = set_work(actor, course, lesson=lesson, kind_id=kind_id, reason=reason) is not None
    # homework and kind of work have announced themselves
    if written.version != topic_version and not (is_given or is_reworked):
        announce_entries(course, change_ids=[], student_ids=[])
