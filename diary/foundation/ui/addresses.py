"""Addresses that come from outside: only those of this site are followed."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def local_address(request: HttpRequest, address: str | None) -> str | None:
    """The address when it leads to this very site, else nothing."""
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed else None


def previous_page(request: HttpRequest) -> str | None:
    """The page of this site that led here, unless it is this one."""
    referrer = local_address(request, request.headers.get("Referer"))
    is_itself = request.method == "GET" and referrer == request.build_absolute_uri()
    return None if is_itself else referrer
