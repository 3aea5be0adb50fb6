"""A change of teacher from a day on: the coming lessons follow, what has been held stays as it was (F5)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.people.intake.saving.run import Saving
from diary.people.roster.models import Course, CourseTeacher
from diary.schoolwork.timetable.models import Lesson


def coming_lessons(school_id: int, course_ids: Collection[uuid.UUID], first: dt.date) -> QuerySet[Lesson]:
    """Lessons of these courses from `first` on that are still given to who leads them no longer from that day on.

    A lesson at which somebody else stands in stays theirs.
    """
    left = CourseTeacher.objects.filter(
        school_id=school_id, course_id=OuterRef("course_id"), staff_id=OuterRef("teacher_id"), until=first
    )
    return Lesson.objects.filter(school_id=school_id, course_id__in=course_ids, held_on__gte=first).filter(Exists(left))


def hand_lessons_over(school_id: int, course: Course, first: dt.date) -> int:
    """Give the coming lessons of the course to who leads it from `first` on; how many there were. One statement."""
    lessons = coming_lessons(school_id, [course.id], first).exclude(teacher_id=course.teacher_id)
    return lessons.update(teacher_id=course.teacher_id)


def follow_teachers(saving: Saving) -> None:
    """Part of an import: lessons of the courses that it has given to other teachers today. Says how many."""
    changed = [course for course in saving.courses if course.teacher_starts_on == saving.today]
    count = sum(hand_lessons_over(saving.school_id, course, saving.today) for course in changed)
    if count:
        saving.report.note(
            ngettext(
                "Учитель сменился: с %(day)s новому учителю передан %(n)s урок.",
                "Учитель сменился: с %(day)s новым учителям передано уроков: %(n)s.",
                count,
            )
            % {"day": date_format(saving.today, "j E"), "n": count},
            _("Проведённые уроки остались за прежним учителем."),
        )
