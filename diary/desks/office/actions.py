"""Starting and stopping an import's background work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diary.desks.office.jobs import check_import, lay_out_lessons, load_import
from diary.desks.office.queries import last_task
from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core.errors import Conflict
from diary.foundation.jobs.models import Task
from diary.foundation.jobs.queues import defer_long
from diary.foundation.tables.packing import pack
from diary.foundation.tables.sources import Upload
from diary.people.intake.policies import can_change_import, can_import_school
from diary.people.roster.models import ImportRun
from diary.people.schools.models import School
from diary.schoolwork.timetable.policies import can_realise_lessons

LESSONS = "office.lay_out_lessons"


@action(check=can_import_school)
def hand_over_files(actor: Actor, school: School, *, uploads: Sequence[Upload]) -> ImportRun:
    """Keep the files for a day and start their check."""
    names = [upload.name for upload in uploads]
    task = _task(actor, school.id, "office.check_import", _("Проверка файлов школы"))
    run = ImportRun.objects.create(
        school_id=school.id, user_id=actor.person_id, file_names=names, files=pack(uploads), check_task=task
    )
    log.note(run, files=names)
    defer_long(check_import, **_arguments(actor, run, task))
    return run


@action(check=can_change_import)
def load_files(actor: Actor, run: ImportRun, *, replaces_timetable: bool = False) -> None:
    """Start writing the checked files. Raises Conflict when they were not checked clean, are being or were loaded."""
    # the task is read after the lock is held: a row joined in the same statement would be as old as the wait
    run = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.loaded_at or (run.load_task and run.load_task.is_going):
        raise Conflict(_("Эти файлы уже загружаются или загружены. Обновите страницу."))
    if run.report is None or run.report["counts"]["error"]:
        raise Conflict(_("Загрузить можно только проверенные файлы без ошибок. Исправьте ошибки и проверьте снова."))
    run.load_task = _task(actor, run.school_id, "office.load_import", _("Загрузка школы"))
    run.save(update_fields=["load_task_id"])
    log.note(run, files=run.file_names, replaces_timetable=replaces_timetable)
    defer_long(load_import, **_arguments(actor, run, run.load_task), replaces_timetable=replaces_timetable)


@action(check=can_realise_lessons)
def start_lessons(actor: Actor, school: School) -> Task:
    """Start putting the weekly timetable on dates. Raises Conflict while that is going on already."""
    School.objects.visible_to(actor).select_for_update(no_key=True).get(id=school.id)
    going = last_task(actor, school.id, LESSONS)
    if going and going.is_going:
        raise Conflict(_("Уроки уже ставятся на даты. Обновите страницу."))
    task = _task(actor, school.id, LESSONS, _("Уроки на датах"))
    log.note(school)
    language = get_language() or "ru"
    defer_long(lay_out_lessons, school_id=school.id, task_id=str(task.id), user_id=actor.person_id, language=language)
    return task


@action(check=can_change_import)
def stop_import(actor: Actor, run: ImportRun) -> None:
    """Ask whatever goes on to stop; what was not finished leaves nothing behind."""
    ids = [one for one in (run.check_task_id, run.load_task_id) if one]
    heard = Task.objects.visible_to(actor).filter(school_id=run.school_id, id__in=ids).ask_to_stop()
    log.note(run, heard=heard)


def _task(actor: Actor, school_id: int, kind: str, title: str) -> Task:
    return Task.objects.create(school_id=school_id, user_id=actor.person_id, kind=kind, title=title)


def _arguments(actor: Actor, run: ImportRun, task: Task) -> dict[str, Any]:
    return {
        "school_id": run.school_id,
        "task_id": str(task.id),
        "run_id": str(run.id),
        "user_id": actor.person_id,
        "language": get_language() or "ru",
    }
