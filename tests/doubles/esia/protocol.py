"""The doors of ESIA v1: /aas/oauth2/ac for the person's browser, /aas/oauth2/te and /rs for the client's server."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
import time
import uuid
from typing import Any

from tests.doubles.esia import pages, people
from tests.doubles.esia.errors import AUTHORIZE, ERRORS, REST, TOKEN, EsiaError
from tests.doubles.esia.signature import BadSignature, verify
from tests.doubles.esia.state import CODE_LIVES, SKEW, Client, Grant, State
from tests.doubles.web import App, Request, Response, json_response, redirect

SIGNED = ("client_id", "client_secret", "scope", "state", "timestamp", "redirect_uri")
TIMESTAMP = "%Y.%m.%d %H:%M:%S %z"


class Refused(Exception):
    """The request breaks a rule of ESIA."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.error = ERRORS[code]


def make_app(state: State) -> App:
    """All doors over one state."""
    app = App()
    Authorization(state, app)
    Tokens(state, app)
    Rest(state, app)
    pages.Control(state, app)
    return app


class Authorization:
    """Where the browser comes with the signed request, the person chooses who they are, and goes back with a code."""

    def __init__(self, state: State, app: App) -> None:
        self.state = state
        app.route("GET", "/aas/oauth2/ac")(self.ask)
        app.route("POST", "/login")(self.decide)

    def ask(self, request: Request) -> Response:
        """The page of sign-in, or the error: to the client where its address is known to be its own."""
        _endure(self.state)
        if self.state.trouble.is_down:
            return pages.down()
        try:
            client = _client(self.state, request)
            _check_address(client, request)
        except Refused as refused:
            return pages.refused(refused.error)
        try:
            _check_signed(self.state, client, request)
            _check_kind(request)
        except Refused as refused:
            return _to_client(request, refused.error)
        ticket = uuid.uuid4().hex
        self.state.asked[ticket] = request
        return pages.sign_in(self.state.personas, request, ticket)

    def decide(self, request: Request) -> Response:
        """Back to the client: with a code, with the person's refusal, or with the chosen error."""
        asked = self.state.asked.pop(request.get("ticket"), None)
        if asked is None or self.state.trouble.is_down:
            return pages.down()
        error = self.state.error_at(AUTHORIZE) if request.get("persona") else ERRORS["ESIA-007004"]
        if error:
            return _to_client(asked, error)
        grant = Grant(
            client=asked.get("client_id"),
            persona=self.state.persona(request.get("persona")),
            scopes=tuple(asked.get("scope").split()),
            address=asked.get("redirect_uri"),
            until=self.state.now() + CODE_LIVES,
            is_offline=asked.get("access_type") == "offline",
        )
        return redirect(grant.address, code=self.state.give_code(grant), state=asked.get("state"))


class Tokens:
    """Where a code becomes tokens."""

    def __init__(self, state: State, app: App) -> None:
        self.state = state
        app.route("POST", "/aas/oauth2/te")(self.exchange)

    def exchange(self, request: Request) -> Response:
        """Tokens and the signed id_token, or 400 with the code of the error."""
        _endure(self.state)
        if self.state.trouble.is_down:
            return Response(b"<html>503</html>", 503, {"Content-Type": "text/html"})
        try:
            client = _client(self.state, request)
            _check_signed(self.state, client, request)
            if error := self.state.error_at(TOKEN):
                raise Refused(error.code)
            grant = self._grant(client, request)
        except Refused as refused:
            answer = {"error": refused.error.error, "error_description": refused.error.description}
            return json_response(answer | {"state": request.get("state")}, 400)
        tokens = self.state.give_tokens(grant)
        signed = self.state.keys.sign(self._claims(grant))
        return json_response(tokens | {"id_token": signed, "state": request.get("state")})

    def _grant(self, client: Client, request: Request) -> Grant:
        """What the code or the refresh token stands for; either works once."""
        kind = request.get("grant_type")
        if kind == "authorization_code":
            grant = self.state.codes.pop(request.get("code"), None)
        elif kind == "refresh_token":
            grant = self.state.refreshers.pop(request.get("refresh_token"), None)
        else:
            raise Refused("ESIA-007012")
        is_good = grant and grant.client == client.mnemonic and grant.address == request.get("redirect_uri")
        if grant is None or not is_good or (kind == "authorization_code" and grant.until < self.state.now()):
            raise Refused("ESIA-007011")
        return grant

    def _claims(self, grant: Grant) -> dict[str, Any]:
        now = int(self.state.now().timestamp())
        oid = grant.persona["oid"]
        return {
            "iss": self.state.issuer,
            "aud": grant.client,
            "sub": oid,
            "nbf": now,
            "iat": now,
            "exp": now + 3 * 3600,
            "auth_time": now,
            "amr": "PWD",
            "urn:esia:amd": "PWD",
            "urn:esia:sid": str(uuid.uuid4()),
            "urn:esia:sbj": {
                "urn:esia:sbj:typ": "P",
                "urn:esia:sbj:is_tru": grant.persona["trusted"],
                "urn:esia:sbj:oid": oid,
                "urn:esia:sbj:nam": f"OID.{oid}",
            },
        }


class Rest:
    """What a token opens: the person and their collections."""

    def __init__(self, state: State, app: App) -> None:
        self.state = state
        app.route("GET", "/rs/prns/{oid}")(self.person)
        app.route("GET", "/rs/prns/{oid}/{name}")(self.collection)
        app.route("GET", "/rs/prns/{oid}/{name}/{number}")(self.element)

    def person(self, request: Request, oid: str) -> Response:
        """The person."""
        grant, refusal = self._grant(request, oid)
        return refusal or json_response(people.person(grant.persona, grant.scopes))

    def collection(self, request: Request, oid: str, name: str) -> Response:
        """Contacts, addresses, documents, children: addresses of the elements, or the elements with ?embed."""
        grant, refusal = self._grant(request, oid)
        if refusal or name not in {"ctts", "addrs", "docs", "kids"}:
            return refusal or json_response({"code": "ESIA-005002", "message": "not found"}, 404)
        rows = people.collection(name, grant.persona, grant.scopes)
        is_embedded = request.get("embed") == "(elements)"
        return json_response(people.wrapped(rows, request.address + request.path, is_embedded=is_embedded))

    def element(self, request: Request, oid: str, name: str, number: str) -> Response:
        """One element of a collection."""
        grant, refusal = self._grant(request, oid)
        if refusal:
            return refusal
        rows = people.collection(name, grant.persona, grant.scopes)
        row = next((row for row in rows if str(row["id"]) == number), None)
        return json_response(row) if row else json_response({"code": "ESIA-005002", "message": "not found"}, 404)

    def _grant(self, request: Request, oid: str) -> tuple[Grant, Response | None]:
        """The token's grant, and the refusal when it does not open this person."""
        _endure(self.state)
        grant = self.state.tokens.get((request.headers.get("Authorization") or "").removeprefix("Bearer "))
        refusal = None
        if self.state.trouble.is_down:
            refusal = Response(b"<html>503</html>", 503, {"Content-Type": "text/html"})
        elif grant is None or grant.until < self.state.now() or self.state.error_at(REST):
            error = ERRORS["ESIA-005013"]
            refusal = json_response({"code": error.code, "message": error.text}, 401)
        elif str(grant.persona["oid"]) != oid:
            refusal = json_response({"code": "ESIA-005004", "message": "SecurityErrorEnum.insufficientRights"}, 403)
        return grant, refusal  # type: ignore[return-value]


def _endure(state: State) -> None:
    """Slow mode."""
    time.sleep(state.trouble.seconds_slow)


def _client(state: State, request: Request) -> Client:
    found = state.clients.get(request.get("client_id"))
    if found is None:
        raise Refused("ESIA-007002" if request.get("client_id") else "ESIA-007014")
    return found


def _check_address(client: Client, request: Request) -> None:
    if request.get("redirect_uri") not in client.addresses:
        raise Refused("ESIA-007023")


def _check_kind(request: Request) -> None:
    if request.get("response_type") != "code" or request.get("access_type", "online") not in {"online", "offline"}:
        raise Refused("ESIA-007003")


def _check_signed(state: State, client: Client, request: Request) -> None:
    """Every parameter once and in its form, the scope known, the time near ours, the signature the client's."""
    if not request.get("scope"):
        raise Refused("ESIA-007013")
    for name in SIGNED:
        if not request.get(name):
            raise Refused("ESIA-007014")
        if len(request.fields[name]) > 1:
            raise Refused("ESIA-007003")
    if not set(request.get("scope").split()) <= people.SCOPES.keys():
        raise Refused("ESIA-007006")
    _check_state(request.get("state"))
    _check_time(state, request.get("timestamp"))
    _check_signature(client, request)


def _check_state(text: str) -> None:
    try:
        uuid.UUID(text)
    except ValueError:
        raise Refused("ESIA-007003") from None


def _check_time(state: State, text: str) -> None:
    try:
        sent = dt.datetime.strptime(text, TIMESTAMP)
    except ValueError:
        raise Refused("ESIA-007015") from None
    if abs(state.now() - sent) > SKEW or not re.fullmatch(r"[\d.]{10} [\d:]{8} [+-]\d{4}", text):
        raise Refused("ESIA-007015")


def _check_signature(client: Client, request: Request) -> None:
    content = "".join(request.get(name) for name in ("scope", "timestamp", "client_id", "state"))
    try:
        signature = base64.urlsafe_b64decode(request.get("client_secret"))
        verify(signature, content.encode(), client.certificate)
    except (BadSignature, binascii.Error):
        raise Refused("ESIA-007053") from None


def _to_client(request: Request, error: EsiaError) -> Response:
    """Back to the client with the error."""
    return redirect(
        request.get("redirect_uri"),
        error=error.error,
        error_description=error.description,
        state=request.get("state"),
    )
