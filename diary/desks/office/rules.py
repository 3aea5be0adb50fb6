"""Where an import stands, cells that a spreadsheet must not run, pages of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


class RunState(StrEnum):
    """What the page of an import shows."""

    CHECKING = "checking"
    CHECK_BROKEN = "check_broken"  # failed, stopped or cut off before there was a report
    HAS_ERRORS = "has_errors"
    READY = "ready"
    LOADING = "loading"
    LOAD_BROKEN = "load_broken"
    LOADED = "loaded"


class Work(Protocol):
    """The part of a task that says whether to wait for it."""

    @property
    def is_going(self) -> bool: ...


class Run(Protocol):
    """The part of an import that says where it stands."""

    check_task: Any
    load_task: Any
    report: Any
    loaded_at: Any


def run_state(run: Run) -> RunState:
    """`loaded_at` was written together with the data: it alone says that they are there."""
    if run.loaded_at:
        return RunState.LOADED
    if run.load_task is not None:
        return RunState.LOADING if run.load_task.is_going else RunState.LOAD_BROKEN
    if run.check_task.is_going:
        return RunState.CHECKING
    if run.report is None:
        return RunState.CHECK_BROKEN
    return RunState.HAS_ERRORS if run.report["counts"]["error"] else RunState.READY


def safe_cell(value: object) -> str:
    """Text that a spreadsheet shows and never takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list."""

    items: Sequence[T]
    number: int
    last: int


def page_of(items: Sequence[T], wanted: str, size: int) -> Page[T]:
    """The wanted page, or the nearest there is."""
    last = max(1, -(-len(items) // size))
    number = min(max(int(wanted), 1), last) if wanted.isdecimal() and len(wanted) < 7 else 1
    return Page(items[(number - 1) * size : number * size], number, last)
