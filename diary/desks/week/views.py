"""The timetable of a week for those who work in the school."""

from __future__ import annotations

import datetime as dt
import uuid
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from diary.desks.week.policies import TIMETABLE_READ
from diary.desks.week.queries import Choice, chosen, class_choices, journals_of, teacher_choices, week_lessons
from diary.foundation.access.actor import Actor
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core import clock
from diary.schoolwork.timetable.queries import LessonRow, by_day
from diary.schoolwork.timetable.rules import WEEK, current_week, week_from, week_label

JOURNAL = "journal:course"


@page(TIMETABLE_READ)
@require_safe
def timetable(request: ActorRequest) -> HttpResponse:
    """One's own week; the week of a class or a teacher when asked for."""
    classes, teachers = class_choices(request.actor), teacher_choices(request.actor)
    choice = chosen(classes, teachers, class_id=_uuid(request, "class"), teacher_id=_uuid(request, "teacher"))
    today = clock.today(choice.timezone if choice else request.actor.zone)
    monday = week_from(request.GET.get("week", ""), today)
    lessons = week_lessons(choice, monday) if choice else []
    journals = _journals(request.actor, lessons)
    context = {
        "classes": classes,
        "teachers": teachers,
        "choice": choice,
        "days": by_day(monday, lessons),
        "has_lessons": bool(lessons),
        "today": today,
        "monday": monday,
        "week_label": week_label(monday),
        "previous_week": _address(choice, monday - WEEK),
        "next_week": _address(choice, monday + WEEK),
        "this_week": None if monday == current_week(today) else _address(choice, current_week(today)),
        "is_many_schools": len({one.school_id for one in classes}) > 1,
        "journal": lambda row: journals.get(row.course_id),
    }
    return render(request, "week/timetable.html", context)


def _uuid(request: ActorRequest, name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _address(choice: Choice | None, monday: dt.date) -> str:
    query: dict[str, object] = {"week": monday}
    if choice and not choice.is_mine:
        query["teacher" if choice.is_teacher else "class"] = choice.id
    return f"{reverse('week:timetable')}?{urlencode(query)}"


def _journals(actor: Actor, lessons: list[LessonRow]) -> dict[uuid.UUID, str]:
    """Addresses of the journals the reader may open, by course."""
    try:
        return {course_id: reverse(JOURNAL, args=[course_id]) for course_id in journals_of(actor, lessons)}
    except NoReverseMatch:  # the journal is not installed
        return {}
