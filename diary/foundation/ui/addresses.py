"""Addresses: those that come from outside, of which only this site's are followed, and those of named pages."""

from __future__ import annotations

import functools

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import get_urlconf, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def local_address(request: HttpRequest, address: str | None) -> str | None:
    """The address when it leads to this very site, else nothing."""
    try:
        host = request.get_host()
    except DisallowedHost:  # the page that says so must not fail in its turn
        return None
    allowed = url_has_allowed_host_and_scheme(address, allowed_hosts={host}, require_https=request.is_secure())
    return address if allowed else None


def previous_page(request: HttpRequest) -> str | None:
    """The page of this site that led here, unless it is this one."""
    referrer = local_address(request, request.headers.get("Referer"))
    if referrer is None:
        return None
    is_itself = request.method == "GET" and referrer == request.build_absolute_uri()
    return None if is_itself else referrer


def named_address(name: str) -> str:
    """The address of a page without parameters. Every page writes a dozen of them, and Django seeks each anew."""
    return _reversed(name, get_urlconf() or settings.ROOT_URLCONF)


@functools.cache
def _reversed(name: str, urlconf: str) -> str:
    return reverse(name, urlconf)
