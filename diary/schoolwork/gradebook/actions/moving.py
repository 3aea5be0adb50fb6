"""Marks follow their lesson to another day: the database holds them to it and moves nothing by itself (S5)."""

from __future__ import annotations

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.schoolwork.gradebook.models import Mark
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import can_change_plan


@action(check=can_change_plan)
def carry_marks(actor: Actor, lesson: Lesson) -> int:
    """Take the marks of a lesson to the day and course where its row now stands. Returns how many.

    For the transaction that moves the lesson: until this is done it cannot be committed.
    """
    marks = Mark.objects.filter(school_id=lesson.school_id, lesson_id=lesson.id)
    carried = marks.update(held_on=lesson.held_on, course_id=lesson.course_id)
    log.note(carried=carried, held_on=lesson.held_on)
    return carried
