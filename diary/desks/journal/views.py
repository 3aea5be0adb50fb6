"""The teacher's pages: journals, the grid, a cell's menu, the lesson."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diary.desks.journal.actions import save_lesson
from diary.desks.journal.forms import LessonForm, MarkForm, NewLessonForm, read_cells, read_json, read_lesson_cells
from diary.desks.journal.policies import LESSON_SAVE, can_save_lesson
from diary.desks.journal.queries import (
    OpenedCourse,
    by_class,
    cells_answer,
    course_list,
    current_period,
    journal_facts,
    lesson_cells,
    opened_course,
    period_brought,
    period_cells,
    periods_of,
    student_of,
    student_rows,
)
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Refusal
from diary.foundation.live.topics import live_token, topic
from diary.foundation.ui.remembered import draw
from diary.people.roster.models import Course
from diary.people.schools.models import GradingPeriod
from diary.schoolwork.gradebook.actions import CellEntry, CellsRefused, describe_mark, enter_cells
from diary.schoolwork.gradebook.models import MarkChange, WorkKind
from diary.schoolwork.gradebook.policies import JOURNAL_READ, MARK_SET, can_set_marks
from diary.schoolwork.gradebook.queries import open_lessons, row_sums
from diary.schoolwork.gradebook.rules import SIGNS
from diary.schoolwork.homework.models import Homework
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.timetable.actions import add_lesson
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import LESSON_ADD, can_add_lesson, can_teach

MANY_COURSES = 20  # more are grouped by class and searched


@page(JOURNAL_READ)
@require_safe
def courses(request: ActorRequest) -> HttpResponse:
    """The journals one may open; where there are many, class by class, with a search."""
    found = course_list(request.actor, clock.today(request.actor.zone))
    words = request.GET.get("q", "").strip()[:100]
    shown = [course for course in found if course.matches(words)]
    context = {
        "courses": shown,
        "classes": by_class(shown),
        "is_many": len(found) > MANY_COURSES,
        "words": words,
        "chosen": request.GET.get("class", ""),
    }
    return render(request, "journal/courses.html", context)


@page(JOURNAL_READ)
@require_safe
def course_page(request: ActorRequest, course_id: uuid.UUID) -> HttpResponse:
    """The grid of a course in a grading period."""
    opened = _opened(request, course_id)
    course = opened.course
    periods = opened.readable(periods_of(course))
    period = _chosen(request, course, periods)
    if period is None:
        return render(request, "journal/no_periods.html", {"course": course}, status=200)
    is_writable = can_set_marks(request.actor, course)
    today = clock.today(course.school.timezone)
    facts = journal_facts(request.actor, course, period, today=today, is_writable=is_writable)
    context: dict[str, Any] = {
        "course": course,
        "period_tabs": [(one.name, f"?period={one.id}", one.id == period.id) for one in periods],
        "period": period,
        "facts": facts,
        "grid": draw("journal/_grid.html", facts, lambda facts: {"facts": facts, "rows": student_rows(facts)}),
        "is_writable": is_writable,
        "may_add": can_add_lesson(request.actor, course),
        "is_current": period == current_period(periods, facts.today),
        "signs": json.dumps(SIGNS, ensure_ascii=False),
        "separator": get_format("DECIMAL_SEPARATOR"),
        "reasons": [(reason.value, reason.label) for reason in MarkChange.Reason.chosen()],
        "token": live_token(request.actor, request.session.session_key, [topic("course", course.school_id, course.id)]),
    }
    return render(request, "journal/course.html", context)


@page(JOURNAL_READ, writes=MARK_SET)
@require_http_methods(["GET", "PUT"])
def cells(request: ActorRequest, course_id: uuid.UUID) -> HttpResponse:
    """GET: all cells of the period, for a page that heard of a change. PUT: what was typed."""
    opened = _opened(request, course_id)
    course = opened.course
    if request.method == "PUT":
        _check_same_person(request)
        form = read_cells(request)
        entered = enter_cells(request.actor, course, cells=form.cells, key=form.key)
        return JsonResponse(cells_answer(entered.cells, entered.rows))
    period = _chosen(request, course, opened.readable(periods_of(course)))
    found = period_cells(course, period) if period else {}
    return JsonResponse(cells_answer(found, row_sums(found, period_brought(course, period, found) if period else {})))


@page(JOURNAL_READ, writes=MARK_SET)
@require_http_methods(["GET", "PUT"])
def cell_menu(request: ActorRequest, course_id: uuid.UUID, lesson_id: uuid.UUID, student_id: uuid.UUID) -> HttpResponse:
    """GET: marks of the cell with history, kind, weight and comment. PUT: a new kind, weight or comment of one."""
    opened = _opened(request, course_id)
    course = opened.course
    if request.method == "PUT":
        _check_same_person(request)
        form = MarkForm(read_json(request))
        if not form.is_valid():
            raise BadInput(" ".join(str(error) for errors in form.errors.values() for error in errors))
        values = form.cleaned_data
        entered = describe_mark(
            request.actor,
            course,
            lesson_id=lesson_id,
            student_id=student_id,
            kind_id=values.pop("kind"),
            **values,
        )
        return JsonResponse(cells_answer(entered.cells, entered.rows))
    lesson = _lesson(opened, lesson_id)
    student = student_of(course, student_id)
    if student is None:
        raise Http404
    history = MarkChange.objects.filter(school_id=course.school_id, lesson_id=lesson.id, student_id=student.id)
    context = {
        "course": course,
        "lesson": lesson,
        "student": student,
        "marks": lesson.marks.filter(student_id=student.id).exclude(value="").order_by("place"),
        "history": history.order_by("changed_at", "id"),
        "reasons": MarkChange.Reason.chosen_for_work(),
        "kinds": WorkKind.objects.filter(school_id=course.school_id).order_by("position", "id"),
        "is_writable": can_set_marks(request.actor, course) and can_teach(request.actor, lesson),
    }
    return render(request, "journal/cell_menu.html", context)


@page(JOURNAL_READ, writes=LESSON_SAVE)
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_page(request: ActorRequest, course_id: uuid.UUID, lesson_id: uuid.UUID) -> HttpResponse:
    """Topic, kind of work, homework and note of a lesson."""
    opened = _opened(request, course_id)
    course, lesson = opened.course, _lesson(opened, lesson_id)
    kinds = WorkKind.objects.filter(school_id=course.school_id).order_by("position", "id")
    status, refusal, asks_reason = 200, "", False
    if request.method == "POST":
        form = LessonForm(request.POST, kinds=kinds)
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                with transaction.atomic():
                    save_lesson(request.actor, course, lesson=lesson, kind_id=uuid.UUID(values.pop("kind")), **values)
            except CellsRefused as error:
                status, asks_reason = error.status, True
                refusal = _("Вид работы не изменён: на уроке уже есть отметки. Выберите причину и сохраните ещё раз.")
            except Refusal as error:
                status, refusal = error.status, error.sentence
            else:
                return HttpResponseRedirect(f"{reverse('journal:course', args=[course.id])}?period={lesson.period_id}")
    else:
        form = LessonForm(kinds=kinds, initial=_standing(course, lesson))
    return _lesson_page(request, course, lesson, form, refusal, status, asks_reason=asks_reason)


@page(MARK_SET)
@require_POST
def lesson_marks(request: ActorRequest, course_id: uuid.UUID, lesson_id: uuid.UUID) -> HttpResponse:
    """Marks and attendance of one lesson from a plain form: the journal for who has no JavaScript (W18, M2)."""
    opened = _opened(request, course_id)
    course, lesson = opened.course, _lesson(opened, lesson_id)
    typed = read_lesson_cells(request, lesson.id, [row.student_id for row in lesson_cells(course, lesson)])
    try:
        with transaction.atomic():
            if typed.cells:
                enter_cells(request.actor, course, cells=typed.cells, key=typed.key)
    except Refusal as error:
        kinds = WorkKind.objects.filter(school_id=course.school_id).order_by("position", "id")
        form = LessonForm(kinds=kinds, initial=_standing(course, lesson))
        return _lesson_page(request, course, lesson, form, "", error.status, typed=typed.cells, marks_refusal=error)
    return HttpResponseRedirect(f"{reverse('journal:lesson', args=[course.id, lesson.id])}#marks")


def _lesson_page(
    request: ActorRequest,
    course: Course,
    lesson: Lesson,
    form: LessonForm,
    refusal: str,
    status: int,
    *,
    asks_reason: bool = False,
    typed: Sequence[CellEntry] = (),
    marks_refusal: Refusal | None = None,
) -> HttpResponse:
    """The page with what was typed; `marks_refusal` says why marks were not taken, and of which pupils."""
    blamed = marks_refusal.extra.get("cells", ()) if marks_refusal else ()
    context = {
        "course": course,
        "lesson": lesson,
        "form": form,
        "refusal": refusal,
        "asks_reason": asks_reason,
        "is_writable": can_save_lesson(request.actor, course) and can_teach(request.actor, lesson),
        "cells": lesson_cells(course, lesson),
        "typed": {cell.student_id: cell.text for cell in typed},
        "marks_refusal": marks_refusal.sentence if marks_refusal else "",
        "refused": {cell["student"]: cell["message"] for cell in blamed},
        "may_mark": can_set_marks(request.actor, course)
        and can_teach(request.actor, lesson)
        and not (lesson.period.closed_at or lesson.state == Lesson.State.CANCELLED),
        "reasons": [(reason.value, reason.label) for reason in MarkChange.Reason.chosen()],
        "key": uuid.uuid4(),
    }
    return render(request, "journal/lesson.html", context, status=status)


@page(LESSON_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def new_lesson(request: ActorRequest, course_id: uuid.UUID) -> HttpResponse:
    """An extra lesson outside the weekly pattern."""
    course = _opened(request, course_id).course
    if not can_add_lesson(request.actor, course):
        raise PermissionDenied
    form = NewLessonForm(request.POST or None)
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    lesson = add_lesson(request.actor, course, **form.cleaned_data)
            except Refusal as error:
                status, refusal = error.status, error.sentence
            else:
                return HttpResponseRedirect(reverse("journal:lesson", args=[course.id, lesson.id]))
    context = {"course": course, "form": form, "refusal": refusal}
    return render(request, "journal/new_lesson.html", context, status=status)


def _opened(request: ActorRequest, course_id: uuid.UUID) -> OpenedCourse:
    """The course with what its pages show, if the actor may open it; otherwise there is no such page."""
    opened = opened_course(request.actor, course_id)
    if opened is None:
        raise Http404
    return opened


class AnotherPerson(Refusal):
    """The page was opened by somebody else than who is signed in now: their entries must not go in under this name."""

    status = 401


def _check_same_person(request: ActorRequest) -> None:
    owner = request.headers.get("X-Journal-User")
    if owner and owner != str(request.actor.user_id):
        raise AnotherPerson(
            _("Эту страницу открыл другой пользователь. Войдите под его именем, и введённое уйдёт само.")
        )


def _lesson(opened: OpenedCourse, lesson_id: uuid.UUID) -> Lesson:
    course = opened.course
    rows = Lesson.objects.filter(school_id=course.school_id, course_id=course.id, id=lesson_id)
    lesson: Lesson | None = rows.select_related("period", "room").first()
    if lesson is None or not opened.readable([lesson.period]):
        raise Http404
    return lesson


def _chosen(request: ActorRequest, course: Course, periods: list[GradingPeriod]) -> GradingPeriod | None:
    wanted = request.GET.get("period", "")
    if wanted:
        found = next((period for period in periods if str(period.id) == wanted), None)
        if found is None:
            raise Http404
        return found
    return current_period(periods, clock.today(course.school.timezone))


def _standing(course: Course, lesson: Lesson) -> dict[str, Any]:
    """What the lesson page shows before anything is typed."""
    topic_row = LessonTopic.objects.filter(school_id=course.school_id, lesson_id=lesson.id).first()
    homework = Homework.objects.filter(school_id=course.school_id, given_at_id=lesson.id).first()
    [standing] = open_lessons(school_id=course.school_id, course_id=course.id, lesson_ids=[lesson.id]).values()
    return {
        "topic": topic_row.topic if topic_row else "",
        "note": topic_row.note if topic_row else "",
        "topic_version": topic_row.version if topic_row else 0,
        "kind": str(standing.kind_id),
        "homework": homework.text if homework else "",
        "minutes": homework.minutes if homework else 20,
        "due_on": homework.chosen_on if homework else None,
        "homework_version": homework.version if homework else 0,
    }
