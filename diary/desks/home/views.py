"""Pages of students and parents. `?part=1` answers the inner fragment alone, behind the same door."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from diary.desks.home.forms import as_uuid, read_seen, read_tick
from diary.desks.home.policies import DIARY_READ, MARKS_SEEN, SECURITY_READ
from diary.desks.home.queries.family import Child, family
from diary.desks.home.queries.lesson import lesson_card
from diary.desks.home.queries.marks import PeriodFacts, PeriodMarks, chosen_period, period_facts, period_marks
from diary.desks.home.queries.week import diary_week, week_facts
from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.access.permissions import SIGNED_IN
from diary.foundation.live.topics import live_token, topic
from diary.foundation.ui.addresses import previous_page
from diary.foundation.ui.context import ChildLink, ChildSwitch
from diary.foundation.ui.menu import menu_for
from diary.foundation.ui.remembered import draw
from diary.foundation.ui.reminders import reminders_for
from diary.people.notifications.actions import mark_seen
from diary.people.roster.models import Student
from diary.schoolwork.homework.actions import tick_homework
from diary.schoolwork.homework.models import Homework
from diary.schoolwork.homework.policies import HOMEWORK_TICK
from diary.schoolwork.timetable.queries import by_day, student_lessons
from diary.schoolwork.timetable.rules import WEEK, current_week, week_from, week_label

CHILD_COOKIE = "child"
YEAR_SECONDS = 365 * 24 * 3600
TODAY = "#today"
FRONT_PAGES = (
    (Role.TEACHER, "journal:courses"),
    (Role.METHODIST, "week:timetable"),
    (Role.ADMINISTRATOR, "office:school"),
    (Role.SECURITY, "home:security"),
    (Role.SUPPORT, "door:support"),
    (Role.STUDENT, "home:diary_entry"),
    (Role.GUARDIAN, "home:diary_entry"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """The child whose page is open, and all children of the reader."""

    child: Child
    children: tuple[Child, ...]


@page(SIGNED_IN)
@require_safe
def front_door(request: ActorRequest) -> HttpResponse:
    """`/` leads everyone to the page of their role."""
    name = next((name for role, name in FRONT_PAGES if request.actor.has_role(role)), None)
    return HttpResponseRedirect(reverse(name)) if name else render(request, "home/no_children.html")


@page(SECURITY_READ)
@require_safe
def security(request: ActorRequest) -> HttpResponse:
    """The first screen of the security officer: what this role opens."""
    return render(request, "home/security.html")


@page(DIARY_READ)
@require_safe
def diary_entry(request: ActorRequest) -> HttpResponse:
    """The diary of the child last chosen, opened at today."""
    return _entry(request, "home:diary", TODAY)


@page(DIARY_READ)
@require_safe
def marks_entry(request: ActorRequest) -> HttpResponse:
    """The marks of the child last chosen."""
    return _entry(request, "home:marks")


@page(DIARY_READ)
@require_safe
def timetable_entry(request: ActorRequest) -> HttpResponse:
    """The timetable of the child last chosen."""
    return _entry(request, "home:timetable", TODAY)


@page(DIARY_READ)
@require_safe
def diary(request: ActorRequest, student_id: uuid.UUID) -> HttpResponse:
    """A week of the diary."""
    opened = _opened(request.actor, student_id)
    child = opened.child
    monday = week_from(request.GET.get("week", ""), child.today)
    facts = week_facts(child, reader_id=request.actor.user_id, monday=monday)
    fragment = draw("home/_diary.html", facts, lambda facts: {"week": diary_week(facts), "child": facts.child})
    around = _week_links(reverse("home:diary", args=[child.id]), monday, child.today)
    return _answer(request, opened, "diary", around, fragment=fragment, keep="week")


@page(DIARY_READ)
@require_safe
def marks(request: ActorRequest, student_id: uuid.UUID) -> HttpResponse:
    """Marks of a period, by subject."""
    opened = _opened(request.actor, student_id)
    child = opened.child
    period = chosen_period(child, as_uuid(request.GET.get("period", "")))
    facts = period_facts(child, period, reader_id=request.actor.user_id) if period else None
    fragment = draw("home/_marks.html", facts, _marks_table)
    return _answer(request, opened, "marks", {"period": period}, fragment=fragment)


@page(DIARY_READ)
@require_safe
def lesson(request: ActorRequest, student_id: uuid.UUID, lesson_id: uuid.UUID) -> HttpResponse:
    """The card of a lesson."""
    opened = _opened(request.actor, student_id)
    card = lesson_card(opened.child, reader_id=request.actor.user_id, lesson_id=lesson_id)
    if card is None:
        raise Http404
    back = f"{reverse('home:diary', args=[student_id])}?{urlencode({'week': card.held_on})}"
    around = {"card": card, "back": back}
    return _answer(request, opened, "lesson", around, entry="diary", switch_to="diary")


@page(DIARY_READ)
@require_safe
def timetable(request: ActorRequest, student_id: uuid.UUID) -> HttpResponse:
    """The timetable of a week as compact cards (T1)."""
    opened = _opened(request.actor, student_id)
    child = opened.child
    monday = week_from(request.GET.get("week", ""), child.today)
    rows = student_lessons(school_id=child.school_id, student_id=child.id, first=monday, until=monday + WEEK)
    around = {"days": by_day(monday, rows), "has_lessons": bool(rows)}
    around |= _week_links(reverse("home:timetable", args=[child.id]), monday, child.today)
    return _answer(request, opened, "timetable", around, keep="week")


@page(HOMEWORK_TICK)
@require_POST
def tick(request: ActorRequest, student_id: uuid.UUID, homework_id: uuid.UUID) -> HttpResponse:
    """Homework is done, or not yet. A script gets JSON, a form goes back to its page."""
    student = _student(request.actor, student_id)
    found = Homework.objects.visible_to(request.actor).filter(school_id=student.school_id, id=homework_id)
    homework = found.select_related("course").first()
    if homework is None:
        raise Http404
    done = read_tick(request)
    tick_homework(request.actor, student, homework=homework, done=done)
    if request.content_type == "application/json":
        return JsonResponse({"done": done})
    return HttpResponseRedirect(previous_page(request) or reverse("home:diary", args=[student_id]))


@page(MARKS_SEEN)
@require_POST
def seen(request: ActorRequest, student_id: uuid.UUID) -> HttpResponse:
    """The reader has seen these marks: their glow goes out."""
    student = _student(request.actor, student_id)
    return JsonResponse({"seen": mark_seen(request.actor, student, about_ids=read_seen(request))})


def _marks_table(facts: PeriodFacts | None) -> dict[str, Any]:
    if facts is None:
        return {"table": PeriodMarks((), ()), "begins_on": None, "period": ""}
    return {
        "table": period_marks(facts),
        "period": facts.period,
        "begins_on": facts.begins_on,
        "student_id": facts.student_id,
    }


def _opened(actor: Actor, student_id: uuid.UUID) -> Opened:
    children = family(actor)
    child = next((one for one in children if one.id == student_id), None)
    if child is None:
        raise Http404
    return Opened(child, tuple(children))


def _student(actor: Actor, student_id: uuid.UUID) -> Student:
    student: Student | None = Student.objects.family_of(actor).filter(id=student_id).first()
    if student is None:
        raise Http404
    return student


def _entry(request: ActorRequest, name: str, anchor: str = "") -> HttpResponse:
    children = family(request.actor)
    if not children:
        return render(request, "home/no_children.html")
    last = as_uuid(request.COOKIES.get(CHILD_COOKIE, ""))
    child = next((one for one in children if one.id == last), children[0])
    # today must not scroll past what the reader should look at first
    return HttpResponseRedirect(reverse(name, args=[child.id]) + ("" if reminders_for(request) else anchor))


def _answer(
    request: ActorRequest,
    opened: Opened,
    name: str,
    around: dict[str, Any],
    *,
    fragment: SafeString | None = None,
    entry: str = "",
    switch_to: str = "",
    keep: str = "",
) -> HttpResponse:
    """The page `home/<name>.html`, or its fragment alone: `home/_<name>.html` where it was not drawn before."""
    child = opened.child
    context = {"child": child, "today": child.today} | around
    drawn = render_to_string(f"home/_{name}.html", context, request) if fragment is None else fragment
    if request.GET.get("part"):
        return HttpResponse(drawn)
    context |= {
        "fragment": drawn,
        "child_switch": _switch(opened, switch_to or name, {keep: request.GET[keep]} if keep in request.GET else {}),
        "menu": menu_for(request.actor, reverse(f"home:{entry or name}_entry")),
        "part_url": f"{request.path}?{_with_part(request)}",
        "token": live_token(request.actor, request.session.session_key, [topic("student", child.school_id, child.id)]),
    }
    response = render(request, f"home/{name}.html", context)
    if len(opened.children) > 1 and request.COOKIES.get(CHILD_COOKIE) != str(child.id):
        response.set_cookie(
            CHILD_COOKIE,
            str(child.id),
            max_age=YEAR_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _with_part(request: ActorRequest) -> str:
    given = request.GET.copy()
    given["part"] = "1"
    return given.urlencode()


def _switch(opened: Opened, name: str, query: dict[str, str]) -> ChildSwitch | None:
    """The children at the top; a student alone needs none."""
    if len(opened.children) == 1 and opened.child.is_self:
        return None
    tail = (f"?{urlencode(query)}" if query else "") + (TODAY if name in ("diary", "timetable") else "")
    links = (
        ChildLink(child.name, child.class_name, reverse(f"home:{name}", args=[child.id]) + tail, child is opened.child)
        for child in opened.children
    )
    return ChildSwitch(tuple(links))


def _week_links(address: str, monday: dt.date, today: dt.date) -> dict[str, Any]:
    """The pager of weeks; the present week has no query, so that its address is the short one."""
    present = current_week(today)

    def link(day: dt.date) -> str:
        return f"{address}{TODAY}" if day == present else f"{address}?{urlencode({'week': day})}"

    return {
        "week_label": week_label(monday),
        "previous_week": link(monday - WEEK),
        "next_week": link(monday + WEEK),
        "this_week": None if monday == present else link(present),
    }
