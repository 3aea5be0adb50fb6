"""The hub: every stream hears its topics, changes that pile up melt, who has left hears nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from diary.foundation.core import clock
from diary.foundation.live.hub import Hub, Stream

FUTURE = float("inf")  # a page made after every change


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


class QuietHub(Hub):
    """A hub whose listener has not heard anything yet."""

    async def _listen(self) -> None:
        await asyncio.Event().wait()


def test_each_stream_hears_its_own_topics() -> None:
    async def story() -> None:
        hub = QuietHub()
        anna, olga, both = Stream(1, ["course"]), Stream(2, ["student"]), Stream(3, ["course", "student"])
        for stream in (anna, olga, both):
            hub.join(stream, since=FUTURE)
        hub._tell(["course", "of nobody"])
        assert await anna.wait(0.05) == {"course"}
        assert await both.wait(0.05) == {"course"}
        assert await olga.wait(0.01) == set()

    run(story())


def test_changes_that_pile_up_melt_into_one() -> None:
    async def story() -> None:
        hub = QuietHub()
        stream = Stream(1, ["a", "b"])
        hub.join(stream, since=FUTURE)
        for _ in range(100):
            hub._tell(["a"])
        hub._tell(["b", "a"])
        assert await stream.wait(0.05) == {"a", "b"}
        assert await stream.wait(0.01) == set()
        hub._tell(["a"])
        assert await stream.wait(0.05) == {"a"}

    run(story())


def test_waiting_stream_is_woken_at_once() -> None:
    async def story() -> None:
        hub = QuietHub()
        stream = Stream(1, ["a"])
        hub.join(stream, since=FUTURE)
        waiting = asyncio.create_task(stream.wait(60))
        await asyncio.sleep(0)
        hub._tell(["a"])
        assert await asyncio.wait_for(waiting, 1) == {"a"}

    run(story())


def test_stream_that_left_hears_nothing_and_leaves_nothing() -> None:
    async def story() -> None:
        hub = QuietHub()
        gone, stays = Stream(1, ["a"]), Stream(1, ["a", "b"])
        hub.join(gone, since=FUTURE)
        hub.join(stays, since=FUTURE)
        assert hub.streams_of(1) == 2
        hub.leave(gone)
        hub._tell(["a"])
        assert await gone.wait(0.01) == set()
        assert await stays.wait(0.05) == {"a"}
        hub.leave(stays)
        assert hub.streams_of(1) == 0
        assert (hub._by_topic, dict(hub._per_user)) == ({}, {})

    run(story())


def test_one_listener_serves_all_and_a_dead_one_is_replaced() -> None:
    async def story() -> None:
        hub = QuietHub()
        hub.join(Stream(1, ["a"]), since=FUTURE)
        listener = hub._listener
        hub.join(Stream(2, ["a"]), since=FUTURE)
        assert hub._listener is listener
        assert listener is not None
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
        hub.join(Stream(3, ["a"]), since=FUTURE)
        assert hub._listener is not listener

    run(story())


def listening_hub() -> Hub:
    """A hub whose listener has just begun and hears nothing from the database."""
    hub = Hub()
    hub._listener = asyncio.create_task(asyncio.sleep(5))
    hub._forget()
    return hub


def test_change_between_the_page_and_its_stream_is_told_at_once() -> None:
    async def story() -> tuple[set[str], set[str]]:
        hub = listening_hub()
        made_at = clock.now().timestamp()
        hub._tell(["a"])
        late, early = Stream(1, ["a"]), Stream(2, ["a"])
        hub.join(late, since=made_at)
        hub.join(early, since=made_at + 60)
        return await late.wait(0.1), await early.wait(0.1)

    told, untold = asyncio.run(story())
    assert (told, untold) == ({"a"}, set())


def test_process_that_has_not_listened_since_the_page_says_look_again() -> None:
    async def story() -> set[str]:
        hub = listening_hub()
        stream = Stream(1, ["a"])
        hub.join(stream, since=clock.now().timestamp() - 60)
        return await stream.wait(0.1)

    assert asyncio.run(story()) == {"a"}
