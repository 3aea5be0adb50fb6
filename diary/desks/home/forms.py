"""What comes in from outside: a tick, a list of seen marks, a period of an address."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, RawPostDataException
from django.utils.translation import gettext as _

from diary.foundation.core.errors import BadInput, TooMuch
from diary.foundation.core.text import composed_all

MAX_SEEN = 500
YES = frozenset({"1", "true", "on"})


def read_tick(request: HttpRequest) -> bool:
    """Whether the homework is done: `{"done": true}` of a script, `done=1` of a form. Raises BadInput."""
    done = _body(request).get("done") if _is_json(request) else request.POST.get("done")
    if isinstance(done, bool):
        return done
    if not isinstance(done, str):
        raise BadInput(_("Не сказано, сделано ли задание. Обновите страницу и нажмите ещё раз."))
    return done.lower() in YES


def read_seen(request: HttpRequest) -> list[uuid.UUID]:
    """Ids of marks the reader has seen: `{"ids": […]}`. Raises BadInput and TooMuch."""
    ids = _body(request).get("ids")
    if not isinstance(ids, list):
        raise BadInput(_("Список увиденных отметок не прочитан. Обновите страницу."))
    if len(ids) > MAX_SEEN:
        raise TooMuch(_("Слишком длинный список отметок. Обновите страницу."))
    found = [as_uuid(one) for one in ids]
    if None in found:
        raise BadInput(_("Список увиденных отметок не прочитан. Обновите страницу."))
    return [one for one in found if one is not None]


def as_uuid(text: object) -> uuid.UUID | None:
    """The id that a text spells; None when it spells none."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def _is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = composed_all(json.loads(request.body))
    except (ValueError, RecursionError, RawPostDataException):
        body = None
    if not isinstance(body, dict):
        raise BadInput(_("Запрос не прочитан. Обновите страницу и повторите."))
    return body
