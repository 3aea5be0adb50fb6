"""Believes what trusted proxies say of a visitor, and nobody else; what cannot be read is refused, never guessed."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from diary.foundation.live.stream import Receive, Scope, Send

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SCHEMES = ("http", "https")


class Unreadable(ValueError):
    """A header of a trusted proxy says something that is neither an address nor a scheme."""


def behind(application: Application, trusted: Iterable[str]) -> Application:
    """The application as it stands behind proxies of these networks.

    `X-Forwarded-For` is read from its end; the first address that is no proxy of ours is the visitor. A header that
    cannot be read is answered with 400: a guessed address would be somebody else's in every limit and journal.
    """
    networks = [ipaddress.ip_network(one) for one in trusted]

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_ours(_sender(scope), networks):
            try:
                _believe(scope, networks)
            except Unreadable as problem:
                await _refuse(send, str(problem))
                return
        await application(scope, receive, send)

    return wrapped


def visitor(forwarded: Sequence[str], networks: Sequence[Network]) -> str | None:
    """The visitor's address among the values of X-Forwarded-For; None without any. Raises Unreadable."""
    addresses = [address_of(word) for value in forwarded for word in value.split(",") if word.strip()]
    strangers = (one for one in reversed(addresses) if not any(one in network for network in networks))
    found = next(strangers, addresses[0] if addresses else None)
    return None if found is None else str(found)


def address_of(word: str) -> Address:
    """«203.0.113.7», «203.0.113.7:5678», «2001:db8::1», «[2001:db8::1]:5678». Raises Unreadable."""
    text = word.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise Unreadable(f"X-Forwarded-For: «{word.strip()[:60]}»") from None


def _believe(scope: Scope, networks: Sequence[Network]) -> None:
    said = visitor(_values(scope, b"x-forwarded-for"), networks)
    schemes = {word.strip().lower() for value in _values(scope, b"x-forwarded-proto") for word in value.split(",")}
    if not schemes.issubset(SCHEMES) or len(schemes) > 1:
        raise Unreadable(f"X-Forwarded-Proto: «{', '.join(sorted(schemes))[:60]}»")
    if said is not None:
        scope["client"] = (said, 0)
    if schemes:
        scope["scheme"] = schemes.pop()


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name and value.strip()]


def _sender(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _is_ours(sender: str, networks: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(sender)
    except ValueError:
        return False
    return any(address in network for network in networks)


async def _refuse(send: Send, problem: str) -> None:
    """For whoever has set up the proxy: no person sees this page while it is set up rightly."""
    body = f"400: непонятный заголовок прокси / unreadable header of a proxy. {problem}\n".encode()
    headers: list[Any] = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
