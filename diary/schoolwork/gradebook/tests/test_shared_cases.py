"""What the server and the journal's script must answer alike; its side is desks/journal/tests/modules."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from diary.schoolwork.gradebook.rules import (
    DoubtfulSign,
    UnknownSign,
    Weighted,
    parse_cell,
    shown_average,
    weighted_average,
)

HERE = Path(__file__).parent
AVERAGES = json.loads((HERE / "averages.json").read_text())
TEXTS = json.loads((HERE / "cell_texts.json").read_text())


@pytest.mark.parametrize("case", AVERAGES, ids=lambda case: json.dumps(case["cells"], ensure_ascii=False))
def test_average_is_what_the_page_counts_as_typed(case: dict[str, Any]) -> None:
    """C12."""
    marks = []
    for cell in case["cells"]:
        values = parse_cell(cell["text"]).marks
        weights = cell.get("weights") or [cell["weight"]] * len(values)
        marks += [Weighted(value, Decimal(weight)) for value, weight in zip(values, weights, strict=True)]
    assert shown_average(weighted_average(marks)) == case["average"]


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: str(case["raw"]))
def test_text_is_read_as_the_page_reads_it(case: dict[str, Any]) -> None:
    """F7, F12."""
    if case["text"] is None:
        with pytest.raises((UnknownSign, DoubtfulSign)):
            parse_cell(case["raw"])
    else:
        assert parse_cell(case["raw"]).text == case["text"]
