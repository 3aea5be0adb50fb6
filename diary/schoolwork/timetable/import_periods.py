"""After an import has moved grading periods: every lesson keeps a period, and nothing that was kept falls out (F4)."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.people.intake.records import Kind
from diary.people.intake.saving.run import Saving
from diary.people.schools.models import GradingPeriod
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.queries import lessons_with_records

LESSONS_TOLD = 5


def keep_lessons_in_periods(saving: Saving) -> None:
    """Lessons that the new dates leave outside their period go to the one that has their day. Where none has: an empty
    lesson goes, and that is told; a lesson with marks, attendance, homework or topics is an error that names it.
    """
    if Kind.PERIODS not in saving.data.given:
        return
    outside = Lesson.objects.filter(school_id=saving.school_id).filter(
        Q(held_on__lt=F("period__starts_on")) | Q(held_on__gte=F("period__ends_until"))
    )
    lessons = list(outside.select_related("period", "course__group", "course__subject").order_by("held_on", "id"))
    if not lessons:
        return
    homeless = _moved(saving, lessons)
    kept = _with_records(saving, homeless)
    if kept:
        _refuse(saving, kept)
        return
    if homeless:
        Lesson.objects.filter(school_id=saving.school_id, id__in=[one.id for one in homeless]).delete()
        _tell(
            saving,
            ngettext(
                "%(n)s пустой урок оказался вне периодов и убран с дат.",
                "Пустые уроки оказались вне периодов и убраны с дат: %(n)s.",
                len(homeless),
            )
            % {"n": len(homeless)},
        )


def _moved(saving: Saving, lessons: list[Lesson]) -> list[Lesson]:
    """Give lessons to the period that has their day; gives those that none has."""
    periods = list(GradingPeriod.objects.filter(school_id=saving.school_id).order_by("starts_on", "id"))
    homeless, moved = [], []
    for lesson in lessons:
        own = lesson.period
        here = (one for one in periods if (one.year_id, one.parallel) == (own.year_id, own.parallel))
        fitting = next((one for one in here if one.starts_on <= lesson.held_on < one.ends_until), None)
        if fitting is None:
            homeless.append(lesson)
        else:
            lesson.period_id = fitting.id
            moved.append(lesson)
    Lesson.objects.bulk_update(moved, ["period_id"], batch_size=400)
    if moved:
        words = ngettext("%(n)s урок перешёл в другой период.", "В другой период перешли уроки: %(n)s.", len(moved)) % {
            "n": len(moved)
        }
        _tell(saving, words)
    return homeless


def _with_records(saving: Saving, lessons: list[Lesson]) -> list[Lesson]:
    """Lessons that anything of a higher room hangs on: marks, attendance, homework, topics."""
    ids = lessons_with_records(saving.school_id, [one.id for one in lessons])
    return [one for one in lessons if one.id in ids]


def _refuse(saving: Saving, lessons: list[Lesson]) -> None:
    told = "; ".join(_words(one) for one in lessons[:LESSONS_TOLD])
    saving.report.error(
        ngettext(
            "С этими датами %(n)s урок с записями останется вне всех периодов: %(told)s.",
            "С этими датами вне всех периодов останутся уроки с записями (%(n)s): %(told)s.",
            len(lessons),
        )
        % {"n": len(lessons), "told": told},
        _("Исправьте даты так, чтобы эти дни вошли в какой-нибудь период: иначе отметки пропали бы из журнала."),
        saving.data.periods[0].source,
        "starts_on",
    )


def _words(lesson: Lesson) -> str:
    return f"{lesson.course.group.name}, {lesson.course.subject.name}, {date_format(lesson.held_on, 'j E')}"


def _tell(saving: Saving, words: str) -> None:
    saving.report.warning(words, _("Если так быть не должно, исправьте даты периодов."), saving.data.periods[0].source)
