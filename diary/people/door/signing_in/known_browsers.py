"""A browser that is known may have a shorter way in than login and password: rooms hand in how to tell its address."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from diary.foundation.core.registry import Registry

BY_PASSWORD = "password"  # noqa: S105 (in the address: no shorter way this time)

# each is asked on the sign-in page alone, looks at the cookies and starts no query
known_browser_entries: Registry[Callable[[HttpRequest], str]] = Registry("entries of known browsers")


def entry_of_known_browser(request: HttpRequest) -> str:
    """Where this browser comes in instead; empty for an unknown one, and for who wants the password page."""
    if request.method == "POST" or BY_PASSWORD in request.GET:
        return ""
    return next((address for find in known_browser_entries if (address := find(request))), "")
