"""Quiet cards on a person's first page: rooms hand in what the person should look at some day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from diary.foundation.core.registry import Registry


@dataclass(frozen=True)
class Reminder:
    """What to look at (`link`), and the form that says it has been looked at (POST `done`)."""

    title: str
    text: str
    link: str
    link_label: str
    done: str
    done_label: str
    kind: str = "info"  # of an alert: info, warning


# each is asked on first pages alone and must not start a query: it reads the person and the session at hand
reminders: Registry[Callable[[HttpRequest], Reminder | None]] = Registry("reminders")


def reminders_for(request: HttpRequest) -> list[Reminder]:
    """What this person should be reminded of now."""
    found = (remind(request) for remind in reminders)
    return [one for one in found if one is not None]
