"""Untrusted input of the family's pages."""

from __future__ import annotations

import uuid

import pytest
from django.test import RequestFactory

from diary.desks.home.forms import MAX_SEEN, as_uuid, read_seen, read_tick
from diary.foundation.core.errors import BadInput, TooMuch

JSON = "application/json"


@pytest.mark.parametrize(("body", "expected"), [({"done": True}, True), ({"done": False}, False)])
def test_tick_of_a_script(rf: RequestFactory, body: dict[str, bool], expected: bool) -> None:
    assert read_tick(rf.post("/", body, content_type=JSON)) is expected


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("0", False)])
def test_tick_of_a_form(rf: RequestFactory, value: str, expected: bool) -> None:
    assert read_tick(rf.post("/", {"done": value})) is expected


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '{"done": 3}', "{}"])
def test_unreadable_tick_is_refused(rf: RequestFactory, body: str) -> None:
    with pytest.raises(BadInput):
        read_tick(rf.post("/", body, content_type=JSON))


@pytest.mark.parametrize("body", [b"\xff", b'{"ids": 1}', b'{"ids": ["x"]}', b'{"ids": [null]}', b"{}"])
def test_unreadable_list_of_seen_marks_is_refused(rf: RequestFactory, body: bytes) -> None:
    with pytest.raises(BadInput):
        read_seen(rf.post("/", body, content_type=JSON))


def test_too_long_list_of_seen_marks_is_refused(rf: RequestFactory) -> None:
    ids = [str(uuid.uuid4()) for _ in range(MAX_SEEN + 1)]
    with pytest.raises(TooMuch):
        read_seen(rf.post("/", {"ids": ids}, content_type=JSON))


def test_text_that_is_no_id() -> None:
    assert as_uuid("нет") is None
    assert as_uuid("0" * 32) == uuid.UUID(int=0)
