"""One port: Django's pages through WSGI threads, and the live stream natively async beside them."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diary.config.settings.dev")
_pages = WSGIMiddleware(get_wsgi_application(), workers=int(os.environ.get("DIARY_THREADS", "6")))

from diary.foundation.live.stream import Receive, Scope, Send, events  # noqa: E402 (needs the apps loaded)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The whole site."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/events":
        await events(scope, receive, send)
    else:
        # granian's receive and send give awaitables of its own; a2wsgi schedules coroutines
        async def received() -> MutableMapping[str, Any]:
            return await receive()

        async def sent(message: MutableMapping[str, Any]) -> None:
            await send(message)

        await _pages(scope, received, sent)  # type: ignore[arg-type]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
