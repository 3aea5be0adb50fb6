"""One port: Django's pages through WSGI threads, and the live stream natively async beside them."""

from __future__ import annotations

import gc
import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from granian.utils.proxies import wrap_asgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diary.config.settings.dev")
_application = get_wsgi_application()


from diary.config.lanes import Cheap, Lane  # noqa: E402 (needs the apps loaded)
from diary.config.pages import Pages, environ  # noqa: E402 (needs the apps loaded)
from diary.foundation.live.stream import Receive, Scope, Send, events  # noqa: E402 (needs the apps loaded)
from diary.people.accounts.overload import overload_page  # noqa: E402 (needs the apps loaded)


def _too_many_at_the_door(scope: Scope, body: Any, status: int, seconds: int) -> Cheap:
    headers, page = overload_page(environ(scope, body), status, seconds)
    return Cheap(status, [(name.lower().encode(), value.encode()) for name, value in headers], page)


# Each sign-in waits for its hash: in the threads of the pages a crowd at the door would stop everybody inside. Forms
# that make a new password wait there too.
_HASHING = ("accounts:sign_up", "accounts:recovery_password", "settings:password", "identities:link")
_door = Lane(
    "POST",
    settings.LOGIN_URL,
    threads=2,
    waiting=16,
    also=[reverse(name) for name in _HASHING],
    refuse=_too_many_at_the_door,
)
_pages = Pages(_application, threads=int(os.environ.get("DIARY_THREADS", "3")), lane=_door)

# What was loaded stays for ever: the collector need not walk through it again and again while pages are made.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The whole site."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close"})
    elif scope["path"] == "/events":
        await events(scope, receive, send)
    else:
        await _pages(scope, receive, send)


if settings.TRUSTED_PROXIES:
    application = wrap_asgi_with_proxy_headers(application, settings.TRUSTED_PROXIES)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
