"""Laying the weekly pattern out on dates, and single extra lessons (T1, T8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Conflict
from diary.people.roster.models import Course, Enrollment, EnrollmentRows, Group, Staff
from diary.people.schools.models import Bell, GradingPeriod, School
from diary.schoolwork.timetable.laying_out import bells_of, lay_out, new_lesson
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import can_add_lesson, can_change_plan, can_realise_lessons
from diary.schoolwork.timetable.queries import SchoolBells
from diary.schoolwork.timetable.rules import public_holiday

LONGEST = dt.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Realised:
    """How many lessons were added, and a sentence for every slot that could not become lessons."""

    added: int
    problems: tuple[str, ...]


@action(check=can_realise_lessons)
def realise_lessons(actor: Actor, school: School, *, first: dt.date, until: dt.date) -> Realised:
    """Turn the weekly slots of the school into lessons on the dates [first, until).

    Run again, it adds only what is missing. Days outside the parallel's periods and public holidays get no lessons.
    Raises BadInput when the span is empty or longer than 400 days.
    """
    if not first < until <= first + LONGEST:
        raise BadInput(_("Последний день должен быть позже первого, но не более чем на год. Исправьте даты."))
    added, problems = lay_out(school.id, first=first, until=until)
    log.note(first=first, until=until, added=added, problems=len(problems))
    return Realised(added, tuple(problems))


@action(check=can_add_lesson)
def add_lesson(actor: Actor, course: Course, *, held_on: dt.date, number: int) -> Lesson:
    """Add a lesson outside the weekly pattern.

    `course.group`, `course.subject` and `course.teacher` must be loaded. Raises BadInput (holiday, day outside the
    periods, closed period, number without a bell) and Conflict (the lesson stands already, class or teacher busy).
    """
    group = course.group
    _lock_class(group)
    period = _open_period(course, held_on)
    bell = SchoolBells(course.school_id).bell(bells_of(group), held_on.isoweekday(), number)
    if bell is None:
        raise BadInput(
            _("%(day)s нет звонка на %(number)s-й урок. Выберите другой день или номер: звонки задаёт администратор.")
            % {"day": date_format(held_on, "l, j E"), "number": number}
        )
    _check_free(course, held_on, bell)
    lesson = new_lesson(course, period, held_on, bell, is_added=True)
    lesson.save(force_insert=True)
    log.note(lesson, course=course.id, held_on=held_on, number=number)
    return lesson


@action(check=can_change_plan)
def replace_teacher(actor: Actor, course: Course, *, teacher: Staff, starts_on: dt.date, is_trial: bool = False) -> int:
    """Let another teacher lead the course from that day on (F5). Returns how many coming lessons become theirs.

    Lessons before the day stay whose they were, and so do coming ones at which somebody stands in. With `is_trial`
    nothing is written. `course.year` and `course.school` must be loaded. Raises BadInput for a past day and for a
    teacher of another school, Conflict when it is the teacher already.
    """
    if teacher.school_id != course.school_id or starts_on < clock.today(course.school.timezone):
        raise BadInput(_("Передать курс можно с сегодняшнего или будущего дня учителю этой же школы."))
    rows = Course.objects.select_for_update(of=("self",), no_key=True).select_related("year", "school")
    present: Course = rows.get(school_id=course.school_id, id=course.id)
    if present.teacher_id == teacher.id:
        raise Conflict(_("Курс уже ведёт этот учитель. Выберите другого."))
    before, former = (
        present.teacher_id,
        present.hand_over(teacher.id, starts_on=starts_on, year_starts_on=present.year.starts_on),
    )
    coming = Lesson.objects.filter(
        school_id=present.school_id, course_id=present.id, held_on__gte=starts_on, teacher_id=before
    )
    if is_trial:
        return coming.count()
    if former is not None:
        former.save(force_insert=True)
    present.save(update_fields=["teacher_id", "teacher_starts_on"])
    count = coming.update(teacher_id=teacher.id)
    log.note(course, teacher=teacher.id, starts_on=starts_on, lessons=count)
    return count


def _lock_class(group: Group) -> None:
    """Two lessons are not put into one hour of a class at the same moment."""
    wanted = {group.id, group.home_class_id or group.id}
    rows = Group.objects.filter(school_id=group.school_id, id__in=wanted).order_by("id")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("id"))


def _open_period(course: Course, held_on: dt.date) -> GradingPeriod:
    day = date_format(held_on, "j E")
    holiday = public_holiday(held_on)
    if holiday:
        raise BadInput(_("%(day)s выходной: %(holiday)s. Выберите учебный день.") % {"day": day, "holiday": holiday})
    group = course.group
    period: GradingPeriod | None = GradingPeriod.objects.filter(
        school_id=course.school_id,
        year_id=group.year_id,
        parallel=group.parallel,
        starts_on__lte=held_on,
        ends_until__gt=held_on,
    ).first()
    if period is None:
        raise BadInput(
            _("%(day)s у %(parallel)s-х классов каникулы: этот день не входит ни в один учебный период.")
            % {"day": day, "parallel": group.parallel}
        )
    if period.closed_at:
        raise BadInput(
            _("Период «%(period)s» закрыт. Чтобы добавить урок, обратитесь к завучу.") % {"period": period.name}
        )
    return period


def _check_free(course: Course, held_on: dt.date, bell: Bell) -> None:
    that_day = Lesson.objects.filter(school_id=course.school_id, held_on=held_on)
    same = that_day.filter(course_id=course.id, number=bell.number).first()
    if same and same.state == Lesson.State.CANCELLED:
        raise Conflict(_("Этот урок уже стоит в расписании, но отменён. Выберите другой номер урока."))
    if same:
        raise Conflict(_("Такой урок уже есть в расписании. Откройте его в журнале."))
    at_once = (
        that_day.filter(starts_at__lt=bell.ends_at, ends_at__gt=bell.starts_at, state=Lesson.State.PLANNED)
        .select_related("course__group", "course__subject")
        .order_by("starts_at", "id")
    )
    words = {"time": f"{time_format(bell.starts_at, 'H:i')}–{time_format(bell.ends_at, 'H:i')}"}
    theirs = at_once.filter(Exists(_common_students(course, held_on))).first()
    if theirs:
        words |= {"subject": theirs.course.subject.name, "group": theirs.course.group.name}
        raise Conflict(_("Ученики заняты: в %(time)s у %(group)s урок «%(subject)s». Выберите другое время.") % words)
    teachers = at_once.filter(teacher_id=course.teacher_id).first()
    if teachers:
        words |= {"subject": teachers.course.subject.name, "group": teachers.course.group.name}
        raise Conflict(
            _("Учитель занят: в %(time)s он ведёт «%(subject)s» у %(group)s. Выберите другое время.") % words
        )


def _common_students(course: Course, held_on: dt.date) -> EnrollmentRows:
    """Enrolments in the other lesson's group of students of this course's group, on that day."""
    own = Enrollment.objects.on(held_on).filter(school_id=course.school_id, group_id=course.group_id)
    return (
        Enrollment.objects.on(held_on)
        .filter(school_id=course.school_id, group_id=OuterRef("course__group_id"))
        .filter(student_id__in=own.values("student_id"))
    )
