"""Turns what the journal's script and forms send into values; knows no rule."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diary.foundation.core.errors import Refusal
from diary.foundation.core.text import composed_all
from diary.people.schools.models import SchoolRows
from diary.schoolwork.gradebook.actions import CellEntry
from diary.schoolwork.gradebook.models import MarkChange, WorkKind
from diary.schoolwork.gradebook.rules import LEAST_WEIGHT, MAX_COMMENT, MAX_PLACE, MOST_WEIGHT
from diary.schoolwork.homework.actions import MAX_MINUTES
from diary.schoolwork.homework.actions import MAX_TEXT as MAX_HOMEWORK
from diary.schoolwork.planner.actions import MAX_NOTE, MAX_TOPIC

MAX_TEXT = 40


class Unreadable(Refusal):
    """The request is not what our page sends."""

    status = 400

    def __init__(self) -> None:
        super().__init__(_("Запрос не разобран. Обновите страницу журнала: введённое сохранено на этом устройстве."))


@dataclass(frozen=True, slots=True)
class CellsForm:
    """The entries of one request and its idempotency key."""

    key: uuid.UUID
    cells: list[CellEntry]


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object; raises Unreadable."""
    try:
        content = composed_all(json.loads(request.body))
        json.dumps(content, ensure_ascii=False).encode()  # a lone surrogate is no text that a database could keep
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(content, dict):
        raise Unreadable
    return content


def read_cells(request: HttpRequest) -> CellsForm:
    """Entries of a PUT to the cells' address; raises Unreadable. Text is cut to what a cell can hold plus a little."""
    content = read_json(request)
    try:
        cells = [
            CellEntry(
                lesson_id=uuid.UUID(cell["lesson"]),
                student_id=uuid.UUID(cell["student"]),
                text=str(cell["text"])[:MAX_TEXT],
                version=int(cell["version"]),
                reason=str(cell.get("reason") or "")[:20],
            )
            for cell in content["cells"]
        ]
        key = uuid.UUID(content["key"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Unreadable from error
    if not cells or len({(cell.lesson_id, cell.student_id) for cell in cells}) != len(cells):
        raise Unreadable
    return CellsForm(key, cells)


def read_lesson_cells(request: HttpRequest, lesson_id: uuid.UUID, student_ids: Iterable[uuid.UUID]) -> CellsForm:
    """What the lesson's plain form changed: cells whose text is not the one that was shown; raises Unreadable."""
    given = request.POST
    reason = given.get("reason", "")[:20]
    cells = []
    try:
        for student_id in student_ids:
            text, shown = given.get(f"text-{student_id}"), given.get(f"shown-{student_id}", "")
            if text is not None and text.strip() != shown:
                version = int(given[f"version-{student_id}"])
                cells.append(CellEntry(lesson_id, student_id, text[:MAX_TEXT], version, reason))
        return CellsForm(uuid.UUID(given["key"]), cells)
    except (KeyError, ValueError) as error:
        raise Unreadable from error


class MarkForm(forms.Form):
    """Kind of work, weight and comment of one mark, from the cell's menu."""

    key = forms.UUIDField()
    version = forms.IntegerField(min_value=0)
    place = forms.IntegerField(min_value=1, max_value=MAX_PLACE)
    kind = forms.UUIDField(error_messages={"invalid": gettext_lazy("Выберите вид работы из списка.")})
    weight = forms.DecimalField(
        min_value=LEAST_WEIGHT,
        max_value=MOST_WEIGHT,
        max_digits=4,
        decimal_places=2,
        localize=True,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), gettext_lazy("Вес — число от 0,1 до 20.")),
    )
    comment = forms.CharField(required=False, max_length=MAX_COMMENT)
    reason = forms.CharField(required=False, max_length=20)


class LessonForm(forms.Form):
    """The lesson page: topic, note, kind of work, homework."""

    topic = forms.CharField(label=gettext_lazy("Тема урока"), required=False, max_length=MAX_TOPIC)
    topic_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Вид работы"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Почему меняется вид работы"),
        help_text=gettext_lazy("На уроке уже есть отметки. Причина останется в истории каждой из них."),
        required=False,
        choices=[("", "—"), *((reason.value, reason.label) for reason in MarkChange.Reason.chosen_for_work())],
    )
    homework = forms.CharField(
        label=gettext_lazy("Домашнее задание к следующему уроку"),
        required=False,
        max_length=MAX_HOMEWORK,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Сколько минут займёт"), min_value=0, max_value=MAX_MINUTES, initial=20
    )
    due_on = forms.DateField(
        label=gettext_lazy("К какому дню"),
        help_text=gettext_lazy("Пусто: к следующему уроку, даже если его перенесут."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    homework_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Заметка для себя"),
        help_text=gettext_lazy("Ученики и родители её не видят."),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, kinds: SchoolRows[WorkKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(str(kind.id), kind.name) for kind in kinds]  # type: ignore[attr-defined]


class NewLessonForm(forms.Form):
    """An extra lesson: date and number."""

    held_on = forms.DateField(label=gettext_lazy("Дата"), widget=forms.DateInput(attrs={"type": "date"}))
    number = forms.IntegerField(
        label=gettext_lazy("Номер урока"),
        min_value=1,
        max_value=12,
        error_messages=dict.fromkeys(("min_value", "max_value"), gettext_lazy("Номер урока — от 1 до 12.")),
    )
