"""Pages of the school's office: overview, people, a class, first passwords, import."""

from __future__ import annotations

import csv
import datetime as dt
import uuid
from collections.abc import Mapping
from io import StringIO
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diary.desks.office.actions import LESSONS, hand_over_files, load_files, start_lessons, stop_import
from diary.desks.office.forms import UploadForm, read_people
from diary.desks.office.policies import LESSONS_LAY_OUT
from diary.desks.office.queries import (
    PEOPLE_KINDS,
    class_lines,
    last_task,
    lesson_count,
    people_page,
    pupil_lines,
    school_numbers,
    slot_count,
    year_of_school,
)
from diary.desks.office.rules import RunState, page_of, run_state, safe_cell
from diary.desks.office.views._chosen import chosen_school, schools_of
from diary.foundation.access.doors import ORDINARY_BODY, ActorRequest, page
from diary.foundation.access.permissions import Permission
from diary.foundation.core import clock
from diary.foundation.files.answers import FileAnswer, download
from diary.foundation.tables.sources import MAX_BYTES
from diary.people.intake.policies import SCHOOL_IMPORT
from diary.people.intake.reading.templates import MEDIA_TYPES, SHEETS, guide, write_template
from diary.people.intake.saving.outcome import ImportOutcome
from diary.people.intake.saving.wording import kind_title
from diary.people.roster.actions import (
    FirstPassword,
    issue_guardian_passwords,
    issue_staff_passwords,
    issue_student_passwords,
)
from diary.people.roster.models import Group, ImportRun
from diary.people.roster.policies import PASSWORD_ISSUE, PEOPLE_READ, SCHOOL_READ

PROBLEMS_AT_ONCE = 100
LEVELS = ("error", "warning", "note")
RUNS_SHOWN = 10


@page(SCHOOL_READ)
@require_safe
def school(request: ActorRequest) -> HttpResponse:
    """The school in numbers, and its classes."""
    mine = schools_of(request, SCHOOL_READ)
    current = chosen_school(request, mine)
    today = clock.today(current.timezone)
    context = {
        "school": current,
        "schools": mine,
        "numbers": school_numbers(current.id, today),
        "parallels": class_lines(current.id, today),
    }
    return render(request, "office/school.html", context)


@page(PEOPLE_READ)
@require_safe
def people(request: ActorRequest) -> HttpResponse:
    """Everybody of the school, searched by name."""
    mine = schools_of(request, PEOPLE_READ)
    current = chosen_school(request, mine)
    words, kind, number = read_people(request.GET)
    context = {
        "school": current,
        "schools": mine,
        "words": words,
        "kind": kind,
        "kinds": PEOPLE_KINDS,
        "page": people_page(current.id, clock.today(current.timezone), words, kind, number),
        "may_issue": PASSWORD_ISSUE.is_held_by(request.actor, current.id),
    }
    return render(request, "office/people.html", context)


@page(PEOPLE_READ)
@require_safe
def school_class(request: ActorRequest, group_id: uuid.UUID) -> HttpResponse:
    """The pupils of a class."""
    group = _class(request, group_id, PEOPLE_READ)
    pupils = pupil_lines(group, clock.today(group.school.timezone))
    may_issue = PASSWORD_ISSUE.is_held_by(request.actor, group.school_id)
    return render(request, "office/class.html", {"group": group, "pupils": pupils, "may_issue": may_issue})


@page(PASSWORD_ISSUE)
@require_POST
def class_passwords(request: ActorRequest, group_id: uuid.UUID) -> HttpResponse:
    """First passwords of a class, on paper: shown now and never again."""
    group = _class(request, group_id, PASSWORD_ISSUE)
    if request.POST.get("who") == "guardians":
        issued = issue_guardian_passwords(request.actor, group)
        title = _("Первые пароли представителей, %(group)s") % {"group": group.name}
    else:
        issued = issue_student_passwords(request.actor, group)
        title = _("Первые пароли учеников, %(group)s") % {"group": group.name}
    return _passwords(request, title, issued, reverse("office:class", args=[group.id]))


@page(PASSWORD_ISSUE)
@require_POST
def staff_passwords(request: ActorRequest) -> HttpResponse:
    """First passwords of staff, on paper: shown now and never again."""
    current = chosen_school(request, schools_of(request, PASSWORD_ISSUE))
    issued = issue_staff_passwords(request.actor, current)
    return _passwords(request, _("Первые пароли сотрудников"), issued, reverse("office:people") + "?who=staff")


@page(SCHOOL_IMPORT, largest_body=MAX_BYTES + ORDINARY_BODY)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: ActorRequest) -> HttpResponse:
    """What an import is, the templates, the upload, and what was handed over today."""
    mine = schools_of(request, SCHOOL_IMPORT)
    current = chosen_school(request, mine)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        run = hand_over_files(request.actor, current, uploads=form.uploads())
        return HttpResponseRedirect(reverse("office:import_run", args=[run.id]))
    rows = ImportRun.objects.visible_to(request.actor).filter(school_id=current.id)
    runs = rows.with_tasks().select_related("user").order_by("-created_at")
    context = {
        "school": current,
        "schools": mine,
        "form": form,
        "guide": guide(),
        "sheets": SHEETS,
        "runs": [(run, run_state(run)) for run in runs[:RUNS_SHOWN]],
    }
    return render(request, "office/imports.html", context, status=422 if request.method == "POST" else 200)


@page(SCHOOL_IMPORT)
@require_safe
def import_template(request: ActorRequest, form: str) -> FileAnswer:
    """The empty set to fill in: xlsx, or csv (a ZIP)."""
    if form not in MEDIA_TYPES:
        raise Http404
    ending = "xlsx" if form == "xlsx" else "zip"
    content = write_template(form)  # type: ignore[arg-type]
    return download(content, name=f"школа.{ending}", media_type=MEDIA_TYPES[form], person_id=request.actor.person_id)


@page(SCHOOL_IMPORT)
@never_cache
@require_safe
def import_run(request: ActorRequest, run_id: uuid.UUID) -> HttpResponse:
    """One import: how far it is, what was found, what it would do or did."""
    run = _run(request, run_id)
    state = run_state(run)
    report = run.report or {"problems": [], "counts": dict.fromkeys(LEVELS, 0), "rest": 0}
    level = request.GET.get("level", "")
    problems = [one for one in report["problems"] if level not in LEVELS or one["level"] == level]
    outcome = run.outcome if state is RunState.LOADED else run.plan
    context = {
        "run": run,
        "state": state,
        "task": run.load_task or run.check_task,
        "report": report,
        "level": level if level in LEVELS else "",
        "problems": page_of(problems, request.GET.get("page", ""), PROBLEMS_AT_ONCE),
        "counts": _counts(outcome),
        "accounts": outcome["accounts"] if outcome else 0,
        "unnamed_slots": outcome.get("unnamed_slots", 0) if outcome else 0,
    }
    return render(request, "office/import_run.html", context)


@page(SCHOOL_IMPORT)
@never_cache
@require_safe
def import_progress(request: ActorRequest, run_id: uuid.UUID) -> HttpResponse:
    """The bar alone, for the page that waits."""
    run = _run(request, run_id)
    return render(request, "office/import_progress.html", {"task": run.load_task or run.check_task})


@page(SCHOOL_IMPORT)
@require_POST
def import_load(request: ActorRequest, run_id: uuid.UUID) -> HttpResponse:
    """Start writing what was checked."""
    replaces = request.POST.get("timetable") == "whole"
    load_files(request.actor, _run(request, run_id), replaces_timetable=replaces)
    return HttpResponseRedirect(reverse("office:import_run", args=[run_id]))


@page(SCHOOL_IMPORT)
@require_POST
def import_stop(request: ActorRequest, run_id: uuid.UUID) -> HttpResponse:
    """«Остановить»."""
    stop_import(request.actor, _run(request, run_id))
    return HttpResponseRedirect(reverse("office:import_run", args=[run_id]))


@page(SCHOOL_IMPORT)
@require_safe
def import_report(request: ActorRequest, run_id: uuid.UUID) -> FileAnswer:
    """The report as a table for a spreadsheet."""
    run = _run(request, run_id)
    if run.report is None:
        raise Http404
    text = StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow([_("Важность"), _("Файл"), _("Строка"), _("Столбец"), _("Ячейка"), _("Что не так"), _("Что сделать")])
    titles = {"error": _("ошибка"), "warning": _("предупреждение"), "note": _("заметка")}
    for one in run.report["problems"]:
        cells = (one["file"], one["line"] or "", one["column"], one["cell"], one["what"], one["fix"])
        rows.writerow([titles[one["level"]], *map(safe_cell, cells)])
    content = ("\ufeff" + text.getvalue()).encode()
    media_type = "text/csv; charset=utf-8"
    return download(content, name=_("отчёт.csv"), media_type=media_type, person_id=request.actor.person_id)


@page(LESSONS_LAY_OUT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lessons(request: ActorRequest) -> HttpResponse:
    """The weekly timetable put on the dates of the year: how much stands, and the button that adds the rest."""
    mine = schools_of(request, LESSONS_LAY_OUT)
    current = chosen_school(request, mine)
    if request.method == "POST":
        start_lessons(request.actor, current)
        return HttpResponseRedirect(f"{reverse('office:lessons')}?school={current.id}")
    year = year_of_school(current)
    context = {
        "school": current,
        "schools": mine,
        "year": year,
        "slots": slot_count(current.id, year) if year else 0,
        "last_day": year.ends_until - dt.timedelta(days=1) if year else None,
        "standing": lesson_count(current.id, year) if year else 0,
        "task": last_task(request.actor, current.id, LESSONS),
    }
    return render(request, "office/lessons.html", context)


@page(LESSONS_LAY_OUT)
@never_cache
@require_safe
def lessons_progress(request: ActorRequest) -> HttpResponse:
    """The bar alone, for the page that waits."""
    current = chosen_school(request, schools_of(request, LESSONS_LAY_OUT))
    task = last_task(request.actor, current.id, LESSONS)
    if task is None:
        raise Http404
    return render(request, "office/import_progress.html", {"task": task})


def _class(request: ActorRequest, group_id: uuid.UUID, needed: Permission) -> Group:
    schools = request.actor.schools_with(*needed.roles)
    rows = Group.objects.visible_to(request.actor).filter(school_id__in=schools, kind=Group.Kind.CLASS)
    group: Group | None = rows.filter(id=group_id).select_related("school", "form_teacher").first()
    if group is None:
        raise Http404
    return group


def _run(request: ActorRequest, run_id: uuid.UUID) -> ImportRun:
    rows = ImportRun.objects.visible_to(request.actor).filter(id=run_id)
    run: ImportRun | None = rows.with_tasks().select_related("school").first()
    if run is None:
        raise Http404
    return run


def _counts(outcome: Mapping[str, Any] | None) -> list[tuple[str, Any]]:
    if outcome is None:
        return []
    return [(kind_title(kind), one) for kind, one in ImportOutcome.from_json(outcome).counts.items()]


def _passwords(request: ActorRequest, title: str, issued: list[FirstPassword], back: str) -> HttpResponse:
    return render(request, "office/passwords.html", {"title": title, "issued": issued, "back": back})
