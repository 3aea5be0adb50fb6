"""One port: Django's pages through WSGI threads, and natively async beside them the live stream and leaving files."""

from __future__ import annotations

import gc
import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diary.config.settings.dev")
_application = get_wsgi_application()


from diary.config.bodies import Intake  # noqa: E402 (needs the apps loaded)
from diary.config.bringers import bringer_of  # noqa: E402 (needs the apps loaded)
from diary.config.lanes import Cheap, Lane  # noqa: E402 (needs the apps loaded)
from diary.config.pages import Pages, environ  # noqa: E402 (needs the apps loaded)
from diary.config.proxies import behind  # noqa: E402 (needs the apps loaded)
from diary.foundation.live.stream import Receive, Scope, Send, events  # noqa: E402 (needs the apps loaded)
from diary.people.door.signing_in.overload import overload_page  # noqa: E402 (needs the apps loaded)


def _too_many_at_the_door(scope: Scope, body: Any, status: int, seconds: int) -> Cheap:
    headers, page = overload_page(environ(scope, body), status, seconds)
    return Cheap(status, [(name.lower().encode(), value.encode()) for name, value in headers], page)


# Each sign-in waits for its hash: in the threads of the pages a crowd at the door would stop everybody inside. Forms
# that make a new password wait there too.
_HASHING = ("door:sign_up", "door:recovery_password", "settings:password", "identities:link")
_door = Lane(
    "POST",
    settings.LOGIN_URL,
    threads=2,
    waiting=16,
    also=[reverse(name) for name in _HASHING],
    refuse=_too_many_at_the_door,
)
_pages = Pages(_application, threads=int(os.environ.get("DIARY_THREADS", "3")), intake=Intake(bringer_of), lane=_door)

# What was loaded stays for ever: the collector need not walk through it again and again while pages are made.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)


async def _site(scope: Scope, receive: Receive, send: Send) -> None:
    """The whole site."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close"})
    elif scope["path"] == "/events":
        await events(scope, receive, send)
    else:
        await _pages(scope, receive, send)


application = behind(_site, settings.TRUSTED_PROXIES) if settings.TRUSTED_PROXIES else _site


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
