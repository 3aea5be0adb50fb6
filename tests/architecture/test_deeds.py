"""The second lock: every public function of an `actions.py` checks itself and leaves an audit row."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from types import UnionType
from typing import Any, get_args

from tests.architecture.source import code_files, module_name

# Public functions of actions.py that are no deeds of a person, and why.
NO_DEEDS: dict[str, str] = {
    "diary.people.roster.actions.passwords.new_password": "a formula over chance; belongs into rules.py",
}
# Deeds without an audit row of their own, and why.
WITHOUT_A_ROW = {
    "gradebook.enter_cells": "made of set_marks and set_signs",
    "gradebook.describe_mark": "made of set_marks",
    "journal.save_lesson": "made of set_topic, set_homework and set_work",
    "notifications.mark_seen": "a glow that goes out for the reader alone",
}


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Everything public that is written in an actions module: (full name, function)."""
    for path in code_files():
        # a folder `actions` may have a private module (_reading.py) that its deeds share
        if "actions" in path.with_suffix("").parts[-2:] and not re.match("_[a-z]", path.name):
            module = import_module(module_name(path))
            for name, thing in inspect.getmembers(module, inspect.isfunction):
                if not name.startswith("_") and inspect.unwrap(thing).__module__ == module.__name__:
                    yield f"{module.__name__}.{name}", thing


def test_every_public_function_of_actions_is_a_deed() -> None:
    unchecked = {name for name, function in public_functions() if not hasattr(function, "check")}
    assert unchecked - NO_DEEDS.keys() == set(), "without @action(check=…)"
    assert NO_DEEDS.keys() - unchecked == set(), "no longer an exception: take it off the list"


def test_every_deed_leaves_an_audit_row_or_says_who_leaves_it() -> None:
    silent = {f.action_name for _, f in public_functions() if not getattr(f, "audits", True)}  # type: ignore[attr-defined]
    assert silent - WITHOUT_A_ROW.keys() == set(), "audits=False, and nobody said why"
    assert WITHOUT_A_ROW.keys() - silent == set(), "no longer an exception: take it off the list"


def test_every_deed_takes_the_actor_and_a_subject_and_the_rest_by_name() -> None:
    for name, function in public_functions():
        if name in NO_DEEDS:
            continue
        first, subject, *others = inspect.signature(function).parameters.values()
        assert first.name == "actor", name
        assert subject.kind is subject.POSITIONAL_OR_KEYWORD, name
        assert all(other.kind is other.KEYWORD_ONLY for other in others), name


def test_deeds_are_named_once() -> None:
    names = [function.action_name for _, function in public_functions() if hasattr(function, "action_name")]
    assert sorted(names) == sorted(set(names))


def understands(known: Any, given: Any) -> bool:
    """Whether a check written for `known` may be asked about `given`."""
    if known is Any or known == given:
        return True
    if isinstance(given, UnionType):
        return all(understands(known, one) for one in get_args(given))
    if isinstance(known, UnionType):
        return any(understands(one, given) for one in get_args(known))
    if getattr(known, "_is_protocol", False):
        needed = {name for name in (*known.__annotations__, *vars(known)) if not name.startswith("_")}
        return all(hasattr(given, name) for name in needed)
    return issubclass(given, known)


def subject_of(function: Callable[..., Any]) -> Any:
    """The type of the second parameter."""
    plain = inspect.unwrap(function)
    second = list(inspect.signature(plain).parameters.values())[1].annotation
    return eval(second, vars(inspect.getmodule(plain))) if isinstance(second, str) else second


def test_every_check_understands_the_subject_of_its_deed() -> None:
    """C1"""
    deeds = [(name, function) for name, function in public_functions() if hasattr(function, "check")]
    assert deeds
    for name, function in deeds:
        known, given = subject_of(function.check), subject_of(function)
        assert understands(known, given), f"{name}: its check is written for {known}, not for {given}"
