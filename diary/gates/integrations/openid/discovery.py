"""What the provider says of itself, kept for an hour: its addresses, and its keys until an unknown one signs."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from diary.gates.integrations.openid.configuration import OpenIdConfiguration
from diary.gates.integrations.openid.errors import OpenIdRefusal
from diary.gates.integrations.outside import NoAnswer, Patience, call

KEPT_SECONDS = 3600.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Provider:
    """The addresses that we use."""

    authorization: str
    token: str
    jwks: str
    userinfo: str  # empty where it has none
    takes_basic: bool


class Discovery:
    """One provider's addresses and keys in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._providers: dict[str, tuple[float, Provider]] = {}
        self._keys: dict[str, tuple[float, KeySet]] = {}

    def provider(self, ours: OpenIdConfiguration, patience: Patience) -> Provider:
        """Its addresses. Raises OpenIdRefusal when the document is not this issuer's."""
        with self._lock:
            kept = self._providers.get(ours.issuer)
        if kept and time.monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        address = f"{ours.issuer.rstrip('/')}/.well-known/openid-configuration"
        provider = _provider(ours, _read(ours, address, patience))
        with self._lock:
            self._providers[ours.issuer] = (time.monotonic(), provider)
        return provider

    def keys(self, ours: OpenIdConfiguration, patience: Patience, wanted: str) -> KeySet:
        """Its keys; asked anew when the one of the id `wanted` is not among those that we have."""
        with self._lock:
            kept = self._keys.get(ours.issuer)
        if kept and time.monotonic() - kept[0] < KEPT_SECONDS and _holds(kept[1], wanted):
            return kept[1]
        fields = _read(ours, self.provider(ours, patience).jwks, patience)
        try:
            keys = KeySet.import_key_set({"keys": [row for row in fields["keys"] if row.get("use", "sig") == "sig"]})
        except (JoseError, KeyError, TypeError, ValueError, AttributeError):
            raise OpenIdRefusal(ours.name, "bad-discovery") from None
        with self._lock:
            self._keys[ours.issuer] = (time.monotonic(), keys)
        return keys


def _holds(keys: KeySet, wanted: str) -> bool:
    return not wanted or any(key.kid == wanted for key in keys.keys)


def _read(ours: OpenIdConfiguration, address: str, patience: Patience) -> dict[str, Any]:
    try:
        answer = call("GET", address, patience)
        if answer.status != 200:
            raise NoAnswer(f"status {answer.status}")
        return answer.fields()
    except NoAnswer:
        raise OpenIdRefusal(ours.name, "no-answer") from None


def _provider(ours: OpenIdConfiguration, fields: dict[str, Any]) -> Provider:
    try:
        methods = fields.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        found = Provider(
            authorization=fields["authorization_endpoint"],
            token=fields["token_endpoint"],
            jwks=fields["jwks_uri"],
            userinfo=fields.get("userinfo_endpoint", ""),
            takes_basic="client_secret_basic" in methods,
        )
        addresses = [found.authorization, found.token, found.jwks, found.userinfo or found.token]
        is_good = fields["issuer"] == ours.issuer and all(_is_safe(address) for address in addresses)
    except (KeyError, TypeError, ValueError, AttributeError):
        is_good = False
    if not is_good:
        raise OpenIdRefusal(ours.name, "bad-discovery")
    return found


def _is_safe(address: str) -> bool:
    """TLS everywhere except on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


discovery = Discovery()
