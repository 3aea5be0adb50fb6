"""Who may lay out the timetable, add lessons, and teach a lesson: rights are at a lesson, not at a journal (C7).

A course's teachers of today write at its lessons, earlier ones too (somebody must be able to correct a mark of who has
left), up to the day on which they leave. Who stands in for them at one lesson writes at that lesson. Who has left reads
the time they taught.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.permissions import permission
from diary.foundation.core import clock
from diary.foundation.core.errors import Refusal
from diary.people.roster.models import OFFICE, Course
from diary.people.roster.policies import Teaching, leads_course, teaching_of
from diary.people.schools.models import School
from diary.schoolwork.timetable.models import Lesson

LESSON_ADD = permission("timetable.lesson.add", Role.TEACHER, Role.METHODIST, Role.ADMINISTRATOR)

ANYWHERE = (Role.ADMINISTRATOR, Role.SYSTEM)
ONE_DAY = dt.timedelta(days=1)

GIVEN_SQL = """
SELECT l.id, l.held_on
FROM timetable_lesson l JOIN roster_staff s ON s.school_id = l.school_id AND s.id = l.teacher_id
WHERE l.school_id = %(school)s AND l.course_id = %(course)s AND s.user_id = %(user)s ORDER BY l.held_on, l.number
"""


class AnotherTeachersLesson(Refusal):
    """The lesson is taught by somebody else, or no longer by this person."""

    status = 403


def can_realise_lessons(actor: Actor, school: School) -> bool:
    """The methodist or an administrator of the school."""
    return actor.has_role(OFFICE, school.id)


def can_change_plan(actor: Actor, thing: School | Course | Lesson) -> bool:
    """The methodist or an administrator of the school: a new timetable, another teacher of a course, a moved lesson."""
    return actor.has_role(OFFICE, thing.school_id)


def can_add_lesson(actor: Actor, course: Course) -> bool:
    """A teacher of the course, or the school's office. `course.teacher` must be loaded."""
    return LESSON_ADD.is_held_by(actor, course.school_id) and (
        actor.has_role(OFFICE, course.school_id) or teaches_course(actor, course)
    )


def teaches_course(actor: Actor, course: Course) -> bool:
    """A teacher of the course today. `course.teacher` must be loaded; no statement for the main teacher."""
    if leads_course(actor, course):
        return True
    teaching = teaching_of(actor, school_id=course.school_id, course_id=course.id)
    return any(one.covers(clock.today(course.school.timezone)) for one in teaching)


def can_write_in(actor: Actor, course: Course) -> bool:
    """Whether some lesson of the course is the actor's to write at. `course.teacher` must be loaded.

    Which lessons those are is asked under lock: `must_teach`.
    """
    if actor.has_role(ANYWHERE, course.school_id) or leads_course(actor, course):
        return True
    teaching = teaching_of(actor, school_id=course.school_id, course_id=course.id)
    return any(one.covers(clock.today(course.school.timezone)) for one in teaching) or bool(
        _stood_in(actor, course, teaching)
    )


def can_teach(actor: Actor, lesson: Lesson) -> bool:
    """Whether the actor may write at this lesson, as the database has it at this moment."""
    if actor.has_role(ANYWHERE, lesson.school_id):
        return True
    return lesson.id in own_lessons(actor, lesson, {lesson.id: lesson.held_on})


def must_teach(actor: Actor, course: Course, lessons: dict[uuid.UUID, dt.date]) -> None:
    """Raise AnotherTeachersLesson unless all these lessons (id → day) of the course are the actor's to write at.

    Reads afresh: called under the lock of the lessons it means what is true then. One statement for a teacher of the
    course, two for a substitute, none for an administrator.
    """
    if actor.has_role(ANYWHERE, course.school_id):
        return
    if lessons.keys() - own_lessons(actor, course, lessons):
        raise AnotherTeachersLesson(
            _(
                "Этот урок ведёте не вы, поэтому запись не сделана. Если вы его замещаете, попросите завуча указать"
                " замену в расписании."
            )
        )


def own_lessons(actor: Actor, course: Course | Lesson, lessons: dict[uuid.UUID, dt.date]) -> set[uuid.UUID]:
    """Which of these lessons (id → day) of one course the actor teaches or stands in at. At most two statements."""
    course_id = course.course_id if isinstance(course, Lesson) else course.id
    teaching = teaching_of(actor, school_id=course.school_id, course_id=course_id)
    present = [one for one in teaching if one.covers(clock.today(course.school.timezone))]
    own = {key for key, day in lessons.items() if any(one.until is None or day < one.until for one in present)}
    if len(own) < len(lessons):
        own |= lessons.keys() & _stood_in(actor, course, teaching).keys()
    return own


def readable_days(actor: Actor, course: Course) -> tuple[Teaching, ...] | None:
    """The days whose grading periods the actor may read in the journal: None is all of them, () is none.

    All: the school's office, the form teacher, a teacher of the course today. Who has taught it reads the time they
    did, a substitute the periods of the lessons they stood in at. `course.teacher`, `course.group` must be loaded.
    """
    if actor.has_role((*OFFICE, Role.SYSTEM), course.school_id) or leads_course(actor, course):
        return None
    if Course.objects.filter(school_id=course.school_id, id=course.id).led_by(actor).exists():
        return None
    teaching = teaching_of(actor, school_id=course.school_id, course_id=course.id)
    if any(one.covers(clock.today(course.school.timezone)) for one in teaching):
        return None
    return (*teaching, *(Teaching(day, day + ONE_DAY) for day in _stood_in(actor, course, teaching).values()))


def _stood_in(actor: Actor, course: Course | Lesson, teaching: Collection[Teaching]) -> dict[uuid.UUID, dt.date]:
    """Lessons that the actor gives or gave without being a teacher of the course on that day. One statement."""
    if not actor.has_role(Role.TEACHER, course.school_id):
        return {}
    course_id = course.course_id if isinstance(course, Lesson) else course.id
    given: dict[str, Any] = {"school": course.school_id, "course": course_id, "user": actor.user_id}
    with connection.cursor() as cursor:
        cursor.execute(GIVEN_SQL, given)
        rows = cursor.fetchall()
    return {lesson_id: day for lesson_id, day in rows if not any(one.covers(day) for one in teaching)}
