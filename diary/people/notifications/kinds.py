"""Kinds of notices. A room hands its kinds in from its apps.py; a notice of a kind that nobody knows is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from diary.foundation.core.registry import Registry
from diary.people.accounts.models import User
from diary.people.notifications.models import Notification


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`words` makes the sentence of a notice out of its values, in the language of the moment (gettext inside)."""

    words: Callable[[Mapping[str, Any]], str]


notice_kinds: Registry[NoticeKind] = Registry("kinds of notices")


def worded(notice: Notification, reader: User) -> str:
    """The notice as a sentence in the language of whoever reads it: no sentence is ever stored."""
    with translation.override(reader.language):
        return notice_kinds.get(notice.kind).words(notice.values)
