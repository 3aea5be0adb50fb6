"""The code flow of OpenID Connect with PKCE and a nonce, for any provider that keeps to the standard."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.jwt import Claims

from diary.foundation.core import clock
from diary.gates.integrations.openid.configuration import OpenIdConfiguration
from diary.gates.integrations.openid.discovery import Provider, discovery
from diary.gates.integrations.openid.errors import OpenIdRefusal, refusal_of
from diary.gates.integrations.outside import NoAnswer, Patience, call

log = logging.getLogger(__name__)
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
LEEWAY = 60  # seconds by which the clocks may differ


@dataclass(frozen=True)
class OpenIdPerson:
    """Whom the provider vouches for. E-mail and phone only when it has verified them, else empty."""

    subject: str
    last_name: str
    first_name: str
    middle_name: str
    email: str
    phone: str


def new_secrets() -> dict[str, str]:
    """What is made for one entry and stays in the session: the nonce of the token, the verifier of the code."""
    return {"nonce": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48)}


class OpenIdClient:
    """Serves one request of ours: all its calls together have the seconds of `patience`. Raises OpenIdRefusal."""

    def __init__(self, configuration: OpenIdConfiguration, patience: Patience | None = None) -> None:
        self.configuration = configuration
        self.patience = patience or Patience()

    def authorization_url(self, state: str, redirect_uri: str, kept: dict[str, str]) -> str:
        """Where the browser goes. `kept` comes from `new_secrets`."""
        digest = hashlib.sha256(kept["verifier"].encode()).digest()
        parameters = {
            "response_type": "code",
            "client_id": self.configuration.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.configuration.scope,
            "state": state,
            "nonce": kept["nonce"],
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        address = self._provider().authorization
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(parameters)}"

    def person(self, code: str, redirect_uri: str, kept: dict[str, str]) -> OpenIdPerson:
        """Whom the code stands for. It is sent once."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": kept["verifier"],
        }
        tokens = self._exchange(fields)
        claims = self._claims(str(tokens.get("id_token", "")))
        self._check(claims, kept["nonce"])
        return _person(claims | self._more(str(tokens.get("access_token", "")), claims["sub"]))

    def _provider(self) -> Provider:
        return discovery.provider(self.configuration, self.patience)

    def _exchange(self, fields: dict[str, str]) -> dict[str, Any]:
        """The tokens for a code."""
        ours, provider = self.configuration, self._provider()
        options: dict[str, Any] = {"data": fields}
        if provider.takes_basic:
            options["auth"] = (quote(ours.client_id, safe=""), quote(ours.client_secret, safe=""))
        else:
            fields |= {"client_id": ours.client_id, "client_secret": ours.client_secret}
        return self._fields("POST", provider.token, **options)

    def _more(self, access_token: str, subject: str) -> dict[str, Any]:
        """The claims of the scopes: with the code flow they stand at the provider's userinfo (Core 5.3 and 5.4)."""
        address = self._provider().userinfo
        if not (address and access_token):
            return {}
        claims = self._fields("GET", address, headers={"Authorization": f"Bearer {access_token}"})
        if claims.get("sub") != subject:
            raise OpenIdRefusal(self.configuration.name, "bad-token")
        return claims

    def _fields(self, method: str, address: str, **options: Any) -> dict[str, Any]:
        name = self.configuration.name
        try:
            answer = call(method, address, self.patience, **options)
            if answer.status == 200:
                return answer.fields()
            if answer.status >= 500:
                raise NoAnswer(f"status {answer.status}")
            refusal = refusal_of(name, str(answer.fields().get("error", "")))
        except NoAnswer as problem:
            log.warning("the provider of OpenID Connect did not answer: %s", problem)
            raise OpenIdRefusal(name, "no-answer") from None
        log.warning("the provider of OpenID Connect refused: %s, status %s", refusal.code, answer.status)
        raise refusal

    def _claims(self, id_token: str) -> Claims:
        """The claims, signed by the key of the provider that the header names."""
        try:
            header = extract_compact(id_token.encode()).headers()
            keys = discovery.keys(self.configuration, self.patience, str(header.get("kid", "")))
            registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
            return jwt.decode(id_token, keys, registry=registry).claims
        except (JoseError, ValueError, TypeError):
            raise OpenIdRefusal(self.configuration.name, "bad-token") from None

    def _check(self, claims: Claims, nonce: str) -> None:
        """OpenID Connect Core 3.1.3.7."""
        ours, now = self.configuration, clock.now().timestamp()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        issued, expires = claims.get("iat"), claims.get("exp")
        is_good = (
            claims.get("iss") == ours.issuer
            and ours.client_id in audiences
            and (len(audiences) == 1 or claims.get("azp") == ours.client_id)
            and claims.get("azp", ours.client_id) == ours.client_id
            and isinstance(issued, int | float)
            and isinstance(expires, int | float)
            and issued - LEEWAY <= now < expires + LEEWAY
            and secrets.compare_digest(str(claims.get("nonce", "")), nonce)
            and bool(claims.get("sub"))
        )
        if not is_good:
            raise OpenIdRefusal(ours.name, "bad-token")


def _person(claims: dict[str, Any]) -> OpenIdPerson:
    def text(name: str) -> str:
        return str(claims.get(name) or "")

    return OpenIdPerson(
        subject=text("sub"),
        last_name=text("family_name"),
        first_name=text("given_name"),
        middle_name=text("middle_name"),
        email=text("email") if claims.get("email_verified") is True else "",
        phone=text("phone_number") if claims.get("phone_number_verified") is True else "",
    )
