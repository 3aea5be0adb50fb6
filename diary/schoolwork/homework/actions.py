"""Giving homework and ticking it as done."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Conflict, Refusal
from diary.people.roster.models import Course, Enrollment, Student
from diary.people.roster.policies import has_full_rights, is_family
from diary.schoolwork.gradebook.jobs import announce_entries
from diary.schoolwork.homework.models import Homework, HomeworkTick
from diary.schoolwork.homework.policies import can_set_homework
from diary.schoolwork.homework.queries import due_on
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import must_teach

MAX_TEXT = 4000
MAX_MINUTES = 240


class OnlyReading(Refusal):
    """A guardian who may look but not act."""

    status = 403


@action(check=can_set_homework)
def set_homework(
    actor: Actor,
    course: Course,
    *,
    lesson: Lesson,
    text: str,
    minutes: int,
    version: int,
    chosen_on: dt.date | None = None,
) -> Homework | None:
    """Give homework at a lesson; `version` is the one that was read (0: none stood there). None: nothing was given.

    It is due at the next lesson of the course, however lessons move later (`queries`), or on the day `chosen_on`.
    `minutes` is what the
    teacher expects it to take. The same again changes nothing. Raises BadInput (lesson of another course, too long)
    and Conflict (changed meanwhile).
    """
    text = text.strip()
    _check_given(course, lesson, text, minutes)
    if chosen_on is not None and chosen_on <= lesson.held_on:
        raise BadInput(_("Срок должен быть позже урока, на котором задано. Выберите другой день."))
    given = {"text": text, "minutes": minutes, "chosen_on": chosen_on}
    rows = Homework.objects.filter(school_id=course.school_id, given_at_id=lesson.id)
    if not text and not rows.exists():
        must_teach(actor, course, {lesson.id: lesson.held_on})
        return None
    row: Homework
    row, is_new = rows.select_for_update(of=("self",), no_key=True).get_or_create(
        school_id=course.school_id, given_at_id=lesson.id, defaults={**given, "course_id": course.id}
    )
    must_teach(actor, course, {lesson.id: lesson.held_on})
    if not is_new:
        if (row.text, row.minutes, row.chosen_on) == (text, minutes, chosen_on):
            return row
        _check_version(row, version)
        for name, value in given.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=["text", "minutes", "chosen_on", "version"])
    log.note(lesson, text=text, minutes=minutes, chosen_on=chosen_on, version=row.version)
    members = Enrollment.objects.on(lesson.held_on).filter(school_id=course.school_id, group_id=course.group_id)
    announce_entries(course, change_ids=[], student_ids=list(members.values_list("student_id", flat=True)))
    return row


@action(check=is_family)
def tick_homework(actor: Actor, student: Student, *, homework: Homework, done: bool) -> None:
    """Say that the homework is done, or take that back. `homework.course` must be loaded.

    Raises OnlyReading for a guardian without full rights and BadInput for homework of somebody else's group.
    """
    if not has_full_rights(actor, student):
        raise OnlyReading(
            _("Вам открыт только просмотр дневника. Отметить задание может ученик или родитель с полным доступом.")
        )
    if not _is_given_to(homework, student):
        raise BadInput(_("Это задание дано другой группе. Обновите страницу."))
    ticks = HomeworkTick.objects.filter(school_id=student.school_id, homework_id=homework.id, student_id=student.id)
    if done:
        tick = HomeworkTick(
            school_id=student.school_id, homework_id=homework.id, student_id=student.id, done_at=clock.now()
        )
        HomeworkTick.objects.bulk_create([tick], ignore_conflicts=True)
    else:
        ticks.delete()
    log.note(homework, student=student.id, done=done)
    announce_entries(homework.course, change_ids=[], student_ids=[student.id])


def _check_given(course: Course, lesson: Lesson, text: str, minutes: int) -> None:
    if (lesson.school_id, lesson.course_id) != (course.school_id, course.id):
        raise BadInput(_("Такого урока в этом журнале нет. Возможно, его перенесли: обновите страницу."))
    if len(text) > MAX_TEXT:
        raise BadInput(_("Задание длиннее %(limit)s знаков. Сократите текст.") % {"limit": MAX_TEXT})
    if not 0 <= minutes <= MAX_MINUTES:
        raise BadInput(_("Время на задание: от 0 до %(limit)s минут.") % {"limit": MAX_MINUTES})


def _check_version(row: Homework, version: int) -> None:
    if row.version != version:
        raise Conflict(
            _("Задание уже изменили: сейчас там «%(text)s». Ваш текст не записан, он остался на странице.")
            % {"text": row.text[:80] or _("пусто")},
            text=row.text,
            version=row.version,
        )


def _is_given_to(homework: Homework, student: Student) -> bool:
    """Whether the student is in the group on the day the homework is due or on the days before it, from giving on."""
    given_on = Lesson.objects.filter(school_id=homework.school_id, id=homework.given_at_id).values("held_on")[:1]
    members = Enrollment.objects.filter(
        school_id=homework.school_id, student_id=student.id, group_id=homework.course.group_id
    )
    in_force = Q(until__isnull=True) | Q(until__gt=given_on)
    return members.filter(in_force, starts_on__lte=due_on(homework)).exists()
