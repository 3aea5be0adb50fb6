"""Sealed notes of a session: they open as what they are, for as long as they were meant to."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from diary.foundation.core import clock
from diary.foundation.core.encryption.notes import read_note, sealed_note

HOUR = dt.timedelta(hours=1)


@pytest.mark.usefixtures("sealed")
def test_note_opens_until_its_time_is_over_and_names_nobody() -> None:
    note = sealed_note("children", [{"name": "Маша"}], HOUR)
    assert read_note("children", json.loads(json.dumps(note))) == [{"name": "Маша"}]
    assert "Маша" not in str(note)
    with clock.fixed(clock.now() + dt.timedelta(minutes=61)):
        assert read_note("children", note) is None


@pytest.mark.usefixtures("sealed")
def test_note_of_another_kind_or_of_another_session_opens_nothing() -> None:
    note, other = sealed_note("children", ["Маша"], HOUR), sealed_note("children", ["Петя"], HOUR)
    assert read_note("vouched", note) is None
    assert read_note("children", note | {"sealed": other["sealed"]}) is None
    assert read_note("children", None) is None
