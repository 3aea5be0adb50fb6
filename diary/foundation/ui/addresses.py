"""Addresses that come from outside: only those of this site are followed."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
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
