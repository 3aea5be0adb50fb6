"""The hub: every stream hears its topics, changes that pile up melt, who has left hears nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from diary.foundation.live.hub import Hub, Stream


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
            hub.join(stream)
        hub._tell(["course", "of nobody"])
        assert await anna.wait(0.05) == {"course"}
        assert await both.wait(0.05) == {"course"}
        assert await olga.wait(0.01) == set()

    run(story())


def test_changes_that_pile_up_melt_into_one() -> None:
    async def story() -> None:
        hub = QuietHub()
        stream = Stream(1, ["a", "b"])
        hub.join(stream)
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
        hub.join(stream)
        waiting = asyncio.create_task(stream.wait(60))
        await asyncio.sleep(0)
        hub._tell(["a"])
        assert await asyncio.wait_for(waiting, 1) == {"a"}

    run(story())


def test_stream_that_left_hears_nothing_and_leaves_nothing() -> None:
    async def story() -> None:
        hub = QuietHub()
        gone, stays = Stream(1, ["a"]), Stream(1, ["a", "b"])
        hub.join(gone)
        hub.join(stays)
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
        hub.join(Stream(1, ["a"]))
        listener = hub._listener
        hub.join(Stream(2, ["a"]))
        assert hub._listener is listener
        assert listener is not None
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
        hub.join(Stream(3, ["a"]))
        assert hub._listener is not listener

    run(story())
