"""Bodies: whole or not at all, within what the door takes from the person, within a wall for all (A5)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from diary.config import bodies
from diary.config.bodies import FREE, Bringer, Intake, Pot, Unfinished


def scope(length: int | None, ip: str = "203.0.113.1") -> dict[str, Any]:
    headers = [(b"transfer-encoding", b"chunked")] if length is None else [(b"content-length", str(length).encode())]
    return {"type": "http", "path": "/", "client": (ip, 1), "headers": headers}


def part(content: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


def asked(bringer: Bringer | None) -> tuple[Any, list[Any]]:
    """An `ask` that always answers this, and the list of what it was asked."""
    calls: list[Any] = []

    async def ask(given: Any) -> Bringer | None:
        calls.append(given)
        return bringer

    return ask, calls


def brought(intake: Intake, length: int | None, *messages: dict[str, Any]) -> bytes | int:
    """The whole body, or the status with which it was refused."""
    left: Iterator[dict[str, Any]] = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(left)

    async def story() -> bytes | int:
        try:
            with await intake.whole_body(scope(length), receive) as body:
                return body.read()
        except Unfinished as problem:
            return problem.status

    return asyncio.run(story())


def test_small_body_is_taken_from_anybody_without_a_question() -> None:
    ask, calls = asked(None)
    assert brought(Intake(ask), 4, part(b"ab", more=True), part(b"cd")) == b"abcd"
    assert calls == []


def test_half_a_form_is_nothing() -> None:
    intake = Intake(asked(None)[0])
    assert brought(intake, 4, part(b"ab", more=True), {"type": "http.disconnect"}) == 400
    assert brought(intake, 4, part(b"ab")) == 400


def test_stranger_is_refused_before_a_large_body_is_read() -> None:
    """An announced length is refused with no byte read; an unannounced one when it passes what is free."""
    intake = Intake(asked(None)[0])
    assert brought(intake, FREE + 1) == 413
    assert brought(intake, None, part(b"x" * FREE, more=True), part(b"x")) == 413


def test_person_brings_what_the_door_takes() -> None:
    intake = Intake(asked(Bringer("user:1", 3 * FREE))[0])
    content = b"x" * (2 * FREE)
    assert brought(intake, len(content), part(content)) == content
    assert brought(intake, None, part(content, more=True), part(b"y")) == content + b"y"
    assert brought(intake, 3 * FREE + 1) == 413
    assert brought(intake, None, part(content, more=True), part(content)) == 413


def test_wall_stands_for_all_and_room_comes_back() -> None:
    """776 MB of disk could be filled in two seconds: what all have on their way is bounded."""
    intake = Intake(asked(Bringer("user:1", 100 * FREE))[0])
    intake._persons = Pot(wall=5 * FREE, share=4 * FREE)

    def held(size: int) -> Any:
        async def receive() -> dict[str, Any]:
            return part(b"x" * size)

        return asyncio.run(intake.whole_body(scope(size), receive))

    first = held(3 * FREE)
    with pytest.raises(Unfinished) as refusal:
        held(2 * FREE)
    assert refusal.value.status == 503
    first.close()
    held(3 * FREE).close()


def test_one_address_cannot_take_the_room_of_strangers() -> None:
    intake = Intake(asked(None)[0])
    intake._strangers = Pot(wall=10 * FREE, share=2 * FREE)

    def hold(ip: str) -> Any:
        async def receive() -> dict[str, Any]:
            return part(b"x" * FREE)

        return asyncio.run(intake.whole_body(scope(FREE, ip), receive))

    kept = [hold("203.0.113.1"), hold("203.0.113.1")]
    with pytest.raises(Unfinished):
        hold("203.0.113.1")
    kept.append(hold("203.0.113.2"))
    for body in kept:
        body.close()


def test_slow_body_is_408_and_gives_its_room_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    intake = Intake(asked(None)[0])

    async def slow() -> dict[str, Any]:
        await asyncio.sleep(5)
        return {}

    async def story() -> int:
        with pytest.raises(Unfinished) as problem:
            await intake.whole_body(scope(10), slow)
        return problem.value.status

    assert asyncio.run(story()) == 408
    assert intake._strangers._all == 0
