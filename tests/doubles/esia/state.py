"""What the double knows: clients, people, codes and tokens given out, and the trouble chosen on its page."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509

from tests.doubles.esia.errors import ERRORS, EsiaError
from tests.doubles.esia.keys import SigningKeys
from tests.doubles.web import Clock, Request

PERSONAS = Path(__file__).with_name("personas.json")
CODE_LIVES = dt.timedelta(minutes=5)
TOKEN_LIVES = dt.timedelta(hours=1)
SKEW = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Client:
    """An information system by its mnemonic, with the certificate and the addresses it may be answered at."""

    mnemonic: str
    certificate: x509.Certificate
    addresses: tuple[str, ...]


@dataclass
class Grant:
    """A person let a client read their data: the code is used once, the tokens later."""

    client: str
    persona: dict[str, Any]
    scopes: tuple[str, ...]
    address: str
    until: dt.datetime
    is_offline: bool = False


@dataclass
class Trouble:
    """What the control page has switched on."""

    error: EsiaError | None = None
    is_down: bool = False
    seconds_slow: float = 0.0


@dataclass
class State:
    """Everything in memory: a restarted double has forgotten it all."""

    keys: SigningKeys
    now: Clock
    issuer: str = "http://esia.gosuslugi.ru/"
    personas: list[dict[str, Any]] = field(default_factory=list)
    clients: dict[str, Client] = field(default_factory=dict)
    asked: dict[str, Request] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, Grant] = field(default_factory=dict)
    refreshers: dict[str, Grant] = field(default_factory=dict)
    trouble: Trouble = field(default_factory=Trouble)

    def add_client(self, mnemonic: str, certificate_pem: bytes, *addresses: str) -> None:
        """Register a client as its owner would at the portal."""
        self.clients[mnemonic] = Client(mnemonic, x509.load_pem_x509_certificate(certificate_pem), addresses)

    def read_personas(self, file: Path = PERSONAS) -> None:
        """The people of the sign-in page, from a JSON file of the same shape as personas.json."""
        self.personas = json.loads(file.read_text(encoding="utf-8"))

    def persona(self, name: str) -> dict[str, Any]:
        """The person of this id."""
        return next(persona for persona in self.personas if persona["id"] == name)

    def choose(self, *, error: str = "", down: bool = False, slow: float = 0.0) -> None:
        """Set the trouble; nothing chosen is no trouble."""
        self.trouble = Trouble(ERRORS[error] if error else None, down, slow)

    def error_at(self, stage: str) -> EsiaError | None:
        """The chosen error, where it arrives."""
        chosen = self.trouble.error
        return chosen if chosen is not None and chosen.stage == stage else None

    def give_code(self, grant: Grant) -> str:
        """A code for this grant."""
        return self._put(self.codes, grant)

    def give_tokens(self, grant: Grant) -> dict[str, object]:
        """Access (an hour) and, when asked for offline access, refresh."""
        grant.until = self.now() + TOKEN_LIVES
        answer: dict[str, object] = {
            "access_token": self._put(self.tokens, grant),
            "expires_in": int(TOKEN_LIVES.total_seconds()),
            "token_type": "Bearer",
        }
        return answer | ({"refresh_token": self._put(self.refreshers, grant)} if grant.is_offline else {})

    def _put(self, store: dict[str, Grant], grant: Grant) -> str:
        key = secrets.token_urlsafe(32)
        store[key] = grant
        return key
