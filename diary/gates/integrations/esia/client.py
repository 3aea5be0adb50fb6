"""The conversation with ESIA, protocol v1: where to send the browser, what its code is worth, who the person is."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from diary.foundation.core import clock
from diary.gates.integrations.esia.configuration import EsiaConfiguration
from diary.gates.integrations.esia.errors import EsiaRefusal, refusal_of
from diary.gates.integrations.esia.id_token import EsiaSubject, subject_of
from diary.gates.integrations.esia.person import EsiaPerson, read_person
from diary.gates.integrations.esia.signing import signed_parameters
from diary.gates.integrations.outside import Answer, NoAnswer, Patience, call

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EsiaToken:
    """What a code was exchanged for."""

    access: str
    subject: EsiaSubject


class EsiaClient:
    """Serves one request of ours: all its calls together have the seconds of `patience`. Raises EsiaRefusal."""

    def __init__(self, configuration: EsiaConfiguration, patience: Patience | None = None) -> None:
        self.configuration = configuration
        self.patience = patience or Patience()

    def authorization_url(self, state: str, redirect_uri: str) -> str:
        """Where the browser goes; it comes back to `redirect_uri` with a code and this state (a UUID)."""
        parameters = signed_parameters(self.configuration, state=state, now=clock.now()) | {
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "access_type": "online",
        }
        return f"{self.configuration.address}/aas/oauth2/ac?{urlencode(parameters)}"

    def exchange(self, code: str, redirect_uri: str) -> EsiaToken:
        """The person behind a code. Never sent twice: a code works once."""
        state = str(uuid.uuid4())
        parameters = signed_parameters(self.configuration, state=state, now=clock.now()) | {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "token_type": "Bearer",
        }
        fields = self._fields("POST", "/aas/oauth2/te", data=parameters)
        if fields.get("state") != state or not isinstance(fields.get("access_token"), str):
            raise EsiaRefusal("bad-token")
        subject = subject_of(str(fields.get("id_token", "")), self.configuration, clock.now())
        return EsiaToken(fields["access_token"], subject)

    def person(self, token: EsiaToken) -> EsiaPerson:
        """The person with the contacts, documents and children that our scopes open."""
        asks = self.configuration.asks_for
        return read_person(
            token.subject.oid,
            self._read(token, ""),
            contacts=self._collection(token, "ctts") if asks("mobile", "email", "contacts") else (),
            documents=self._collection(token, "docs") if asks("id_doc") else (),
            kids=self._collection(token, "kids") if asks("kid_") else (),
        )

    def _collection(self, token: EsiaToken, name: str) -> Iterable[dict[str, Any]]:
        elements = self._read(token, f"/{name}?embed=(elements)").get("elements", [])
        if not all(isinstance(element, dict) for element in elements):
            raise EsiaRefusal("bad-person")
        return list(elements)

    def _read(self, token: EsiaToken, path: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token.access}"}
        return self._fields("GET", f"/rs/prns/{token.subject.oid}{path}", headers=headers)

    def _fields(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            answer = call(method, self.configuration.address + path, self.patience, **options)
            if answer.status == 200:
                return answer.fields()
            raise _refusal(answer)
        except NoAnswer as problem:
            log.warning("ESIA did not answer %s: %s", path.partition("?")[0].rpartition("/")[2], problem)
            raise EsiaRefusal("no-answer") from None


def _refusal(answer: Answer) -> EsiaRefusal:
    """By what ESIA says in the body: OAuth's words at /te, `code` at /rs. A page of a balancer is no answer."""
    if answer.status >= 500:
        return EsiaRefusal("no-answer")
    fields = answer.fields()
    refusal = refusal_of(str(fields.get("error", "")), str(fields.get("error_description") or fields.get("code", "")))
    log.warning("ESIA refused: %s, status %s", refusal.code, answer.status)
    return refusal
