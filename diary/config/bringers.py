"""Who sends a large body, asked before it is read: the session must live and the door must be open to the person."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import Error, close_old_connections
from django.urls import Resolver404, resolve

from diary.config.bodies import Bringer
from diary.foundation.access.permissions import Permission
from diary.foundation.live.stream import Scope, session_cookie

_asking = ThreadPoolExecutor(max_workers=2, thread_name_prefix="bringer")


async def bringer_of(scope: Scope) -> Bringer | None:
    """The person behind the request and how many bytes this door takes from them; None for a stranger."""
    key = session_cookie(scope)
    if not key:
        return None
    return await asyncio.get_running_loop().run_in_executor(_asking, _bringer, key, scope["path"])


def _bringer(key: str, path: str) -> Bringer | None:
    try:
        view = resolve(path).func
    except Resolver404:
        return None
    door = getattr(view, "door", None)
    if not isinstance(door, Permission):
        return None
    try:
        close_old_connections()
        store = import_module(settings.SESSION_ENGINE).SessionStore(key)
        user = store.user if store.get(SESSION_KEY) else None
    except Error:
        return None  # the database is away: a page would say so too
    if user is None or not door.is_held_by(user.as_actor()):
        return None
    return Bringer(f"user:{user.pk}", view.largest_body)  # type: ignore[attr-defined]
