"""Where an import stands; what a spreadsheet must not run; pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from diary.desks.office.rules import RunState, page_of, run_state, safe_cell


@dataclass
class Work:
    is_going: bool


@dataclass
class Run:
    check_task: Any = None
    load_task: Any = None
    report: Any = None
    loaded_at: Any = None


GOING, OVER = Work(True), Work(False)
CLEAN, FAULTY = {"counts": {"error": 0}}, {"counts": {"error": 2}}


@pytest.mark.parametrize(
    ("run", "state"),
    [
        (Run(GOING), RunState.CHECKING),
        (Run(OVER), RunState.CHECK_BROKEN),
        (Run(OVER, None, FAULTY), RunState.HAS_ERRORS),
        (Run(OVER, None, CLEAN), RunState.READY),
        (Run(OVER, GOING, CLEAN), RunState.LOADING),
        (Run(OVER, OVER, CLEAN), RunState.LOAD_BROKEN),
        (Run(OVER, OVER, CLEAN, "now"), RunState.LOADED),
        (Run(OVER, GOING, CLEAN, "now"), RunState.LOADED),
    ],
)
def test_state_follows_tasks_and_data(run: Run, state: RunState) -> None:
    assert run_state(run) is state


@pytest.mark.parametrize("text", ["=1+1", "+7916", "-1", "@cmd", "\t=1"])
def test_formula_is_only_text(text: str) -> None:
    assert safe_cell(text) == "'" + text


def test_plain_text_stays() -> None:
    assert safe_cell("7А = лучшие") == "7А = лучшие"


@pytest.mark.parametrize(("wanted", "number"), [("", 1), ("2", 2), ("99", 3), ("0", 1), ("-1", 1), ("²", 1), ("x", 1)])
def test_page_is_the_nearest_there_is(wanted: str, number: int) -> None:
    assert page_of(list(range(25)), wanted, 10).number == number


def test_empty_list_has_one_empty_page() -> None:
    page = page_of([], "5", 10)
    assert (list(page.items), page.number, page.last) == ([], 1, 1)
