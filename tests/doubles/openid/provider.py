"""An OpenID provider by Core 1.0 and RFC 7636: strict about PKCE, codes that work once, keys by their id."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.doubles.web import App, Clock, Request, Response, escape, form, json_response, page, redirect, serving

WHO = "Вход «Область»"
PEOPLE: dict[str, dict[str, Any]] = {
    "olga": {
        "sub": "5f0c-olga",
        "family_name": "Иванова",
        "given_name": "Ольга",
        "middle_name": "Сергеевна",
        "email": "olga.ivanova@example.org",
        "email_verified": True,
        "phone_number": "+79001112233",
        "phone_number_verified": False,
    },
    "boris": {"sub": "77aa-boris", "family_name": "Громов", "given_name": "Борис", "middle_name": "Львович"},
}
ISSUED_FOR = dt.timedelta(minutes=5)


@dataclass
class Provider:
    """The double's memory. `trouble` is OAuth's word that answers at authorization or at the exchange of a code."""

    now: Clock
    client_id: str = "diary"
    client_secret: str = "тайна: с+двоеточием&"
    addresses: tuple[str, ...] = ()
    methods: list[str] = field(default_factory=lambda: ["client_secret_basic"])
    keys: list[RSAKey | ECKey] = field(default_factory=list)
    secret_key: RSAKey | None = None  # signs instead of the published ones
    codes: dict[str, tuple[Request, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Request] = field(default_factory=dict)
    trouble: tuple[str, str] = ("", "")
    changed_claims: dict[str, Any] = field(default_factory=dict)
    keys_read: int = 0

    def __post_init__(self) -> None:
        self.rotate()

    def rotate(self) -> None:
        """Another key signs from now on; the one before it stays published, older ones go."""
        name = secrets.token_hex(4)
        options = {"kid": name, "use": "sig"}
        is_next_rsa = len(self.keys) == 0 or isinstance(self.keys[-1], ECKey)
        made = RSAKey.generate_key(2048, options) if is_next_rsa else ECKey.generate_key("P-256", options)
        self.keys = [*self.keys[-1:], made]

    def app(self) -> App:
        """All doors."""
        app = App()
        app.route("GET", "/.well-known/openid-configuration")(self.describe)
        app.route("GET", "/jwks")(self.show_keys)
        app.route("GET", "/authorize")(self.ask)
        app.route("POST", "/authorize")(self.decide)
        app.route("POST", "/token")(self.exchange)
        app.route("GET", "/userinfo")(self.tell)
        return app

    def describe(self, request: Request) -> Response:
        """The discovery document."""
        addresses = {
            f"{name}_endpoint": f"{request.address}/{path}"
            for name, path in (("authorization", "authorize"), ("token", "token"), ("userinfo", "userinfo"))
        }
        methods = {"token_endpoint_auth_methods_supported": self.methods}
        return json_response({"issuer": request.address, "jwks_uri": f"{request.address}/jwks", **addresses, **methods})

    def show_keys(self, request: Request) -> Response:
        """The public halves."""
        self.keys_read += 1
        return json_response(KeySet(self.keys).as_dict(private=False))

    def ask(self, request: Request) -> Response:
        """Who comes in. A request without PKCE is sent back."""
        if request.get("client_id") != self.client_id or request.get("redirect_uri") not in self.addresses:
            return page("Вход невозможен", "<p>Неизвестная система.</p>", who=WHO, status=400)
        is_good = request.get("code_challenge_method") == "S256" and request.get("code_challenge")
        if request.get("response_type") != "code" or not is_good:
            return self._back(request, error="invalid_request")
        if self.trouble[0] == "authorize":
            return self._back(request, error=self.trouble[1])
        ticket = secrets.token_hex(8)
        self.asked[ticket] = request
        rows = "".join(
            f"<section>{form(_button(who), ticket=ticket, person=name)}</section>" for name, who in PEOPLE.items()
        )
        deny = form("Запретить", is_quiet=True, ticket=ticket, person="")
        return page("Вход", f"<p>{escape(request.get('scope'))}</p>{rows}{deny}", who=WHO)

    def decide(self, request: Request) -> Response:
        """Back with a code, or with the refusal."""
        asked = self.asked.pop(request.get("ticket"))
        if not request.get("person"):
            return self._back(asked, error="access_denied")
        code = secrets.token_urlsafe(16)
        self.codes[code] = (asked, request.get("person"))
        return self._back(asked, code=code)

    def exchange(self, request: Request) -> Response:
        """Tokens for a code: once, to its client, at its address, with its verifier."""
        if not self._is_client(request):
            return json_response({"error": "invalid_client"}, 401)
        if self.trouble[0] == "token":
            return json_response({"error": self.trouble[1]}, 400)
        asked, person = self.codes.pop(request.get("code"), (None, ""))
        digest = hashlib.sha256(request.get("code_verifier").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or asked.get("code_challenge") != challenge:
            return json_response({"error": "invalid_grant"}, 400)
        if asked.get("redirect_uri") != request.get("redirect_uri"):
            return json_response({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        self.tokens[access] = person
        signed = self._sign(self._claims(asked, person, request.address))
        return json_response({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed})

    def tell(self, request: Request) -> Response:
        """What the scopes open."""
        person = self.tokens.get((request.headers.get("Authorization") or "").removeprefix("Bearer "))
        if person is None:
            return json_response({"error": "invalid_token"}, 401)
        return json_response(PEOPLE[person])

    def _is_client(self, request: Request) -> bool:
        if "client_secret_basic" in self.methods:
            encoded = (request.headers.get("Authorization") or "").removeprefix("Basic ")
            name, _, secret = base64.b64decode(encoded).decode().partition(":")
            return (unquote(name), unquote(secret)) == (self.client_id, self.client_secret)
        return (request.get("client_id"), request.get("client_secret")) == (self.client_id, self.client_secret)

    def _claims(self, asked: Request, person: str, issuer: str) -> dict[str, Any]:
        now = int(self.now().timestamp())
        claims = {
            "iss": issuer,
            "aud": self.client_id,
            "sub": PEOPLE[person]["sub"],
            "iat": now,
            "exp": now + int(ISSUED_FOR.total_seconds()),
            "nonce": asked.get("nonce"),
        }
        return {name: value for name, value in (claims | self.changed_claims).items() if value is not None}

    def _sign(self, claims: dict[str, Any]) -> str:
        key = self.secret_key or self.keys[-1]
        header = {"alg": "RS256" if isinstance(key, RSAKey) else "ES256"}
        return jwt.encode(header | ({"kid": key.kid} if key.kid else {}), claims, key)

    def _back(self, asked: Request, **fields: str) -> Response:
        return redirect(asked.get("redirect_uri"), **fields, state=asked.get("state"))


def _button(who: dict[str, Any]) -> str:
    return f"Войти: {who['family_name']} {who['given_name']}"


@contextmanager
def playing(now: Clock, *addresses: str) -> Iterator[tuple[str, Provider]]:
    """The double in a thread: its address, which is its issuer, and its memory."""
    provider = Provider(now, addresses=addresses)
    with serving(provider.app()) as address:
        yield address, provider
