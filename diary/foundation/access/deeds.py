"""The second lock: a deed checks itself, runs as one transaction and leaves an audit row."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.foundation.access.actor import Actor
from diary.foundation.access.scope import school_scope
from diary.foundation.audit.log import AuditNote, collect_notes, write_audit


class Subject(Protocol):
    """What a deed is done to: a row of a school, or a school itself."""

    @property
    def school_id(self) -> int: ...


On = TypeVar("On")
Details = ParamSpec("Details")
Result = TypeVar("Result")


def action(
    check: Callable[[Actor, Any], bool], *, audits: bool = True
) -> Callable[[Callable[Concatenate[Actor, On, Details], Result]], Callable[Concatenate[Actor, On, Details], Result]]:
    """Make `do_x(actor, subject, *, …)` a deed: `check(actor, subject)` or 403; all or nothing; audited.

    The deed keeps its types. The audit row carries what the body says through `audit.log.note(…)`. `audits=False` is
    for a deed composed of other deeds, which leave their own rows. A deed joins the transaction around it; who wants to
    go on after a refusal opens a savepoint first (`with transaction.atomic():`).
    """

    def decorate(
        function: Callable[Concatenate[Actor, On, Details], Result],
    ) -> Callable[Concatenate[Actor, On, Details], Result]:
        room = function.__module__.partition(".actions")[0].rpartition(".")[2]
        name = f"{room}.{function.__name__}"

        @functools.wraps(function)
        def deed(actor: Actor, subject: On, /, *args: Details.args, **kwargs: Details.kwargs) -> Result:
            if not check(actor, subject):
                raise PermissionDenied(name)
            with transaction.atomic(savepoint=False), collect_notes() as notes:
                result = function(actor, subject, *args, **kwargs)
                if audits:
                    write_audit(actor, name, subject, notes or [AuditNote()])
            return result

        deed.check = check  # type: ignore[attr-defined]
        deed.action_name = name  # type: ignore[attr-defined]
        deed.audits = audits  # type: ignore[attr-defined]
        return deed

    return decorate


def acting_in(actor: Actor) -> Any:
    """The scope in which this actor's deeds run outside a request (worker, command line)."""
    return school_scope(actor.school_ids)
