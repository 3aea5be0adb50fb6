"""Every error that ESIA may answer with: where it arrives, the OAuth word, and ESIA's own text."""

from __future__ import annotations

from dataclasses import dataclass

AUTHORIZE, TOKEN, REST = "authorize", "token", "rest"


@dataclass(frozen=True)
class EsiaError:
    """«ESIA-007004» of the page of authorization is `access_denied`."""

    code: str
    stage: str
    error: str
    text: str

    @property
    def description(self) -> str:
        """What stands in `error_description`."""
        return f"{self.code}: {self.text}"


def _all(*rows: tuple[str, str, str, str]) -> dict[str, EsiaError]:
    return {row[0]: EsiaError(*row) for row in rows}


ERRORS = _all(
    ("ESIA-005013", REST, "", "SecurityErrorEnum.expiredToken"),
    ("ESIA-007002", AUTHORIZE, "unauthorized_client", "The certificate does not correspond to the client"),
    ("ESIA-007003", AUTHORIZE, "invalid_request", "A parameter is missing, wrong or repeated"),
    ("ESIA-007004", AUTHORIZE, "access_denied", "The resource owner or authorization server denied the request"),
    ("ESIA-007005", AUTHORIZE, "unauthorized_client", "The client may not ask for a token by this method"),
    ("ESIA-007006", AUTHORIZE, "invalid_scope", "The scope is invalid, unknown or malformed"),
    ("ESIA-007007", AUTHORIZE, "server_error", "The server met an unexpected condition"),
    ("ESIA-007008", AUTHORIZE, "temporarily_unavailable", "The server is overloaded or under maintenance"),
    ("ESIA-007009", AUTHORIZE, "unsupported_response_type", "The server does not give tokens by this method"),
    ("ESIA-007011", TOKEN, "invalid_grant", "The code is invalid, expired, revoked or of another client"),
    ("ESIA-007012", TOKEN, "unsupported_grant_type", "The grant type is not supported"),
    ("ESIA-007013", AUTHORIZE, "invalid_scope", "The request does not contain a scope"),
    ("ESIA-007014", AUTHORIZE, "invalid_request", "The request does not contain the mandatory parameter"),
    ("ESIA-007015", AUTHORIZE, "invalid_request", "The time of the request is wrong"),
    ("ESIA-007019", AUTHORIZE, "access_denied", "There is no permission for access"),
    ("ESIA-007023", AUTHORIZE, "invalid_request", "The redirect_uri is not registered for the client"),
    ("ESIA-007038", TOKEN, "invalid_request", "The parameters of the request cannot be read"),
    ("ESIA-007039", TOKEN, "invalid_request", "There was no code_challenge in the first request"),
    ("ESIA-007040", TOKEN, "invalid_grant", "The code_verifier does not fit the code_challenge"),
    ("ESIA-007046", AUTHORIZE, "access_denied", "The second factor asked for cannot be used by this person"),
    ("ESIA-007053", AUTHORIZE, "unauthorized_client", "The client_secret is wrong or its certificate is not active"),
    ("ESIA-007055", AUTHORIZE, "access_denied", "The account of the person is not confirmed"),
    ("ESIA-007060", AUTHORIZE, "invalid_request", "The parameter roles is wrong"),
    ("ESIA-007061", AUTHORIZE, "invalid_request", "The parameter obj_type is wrong"),
    ("ESIA-007062", AUTHORIZE, "invalid_request", "The type or the role of the person is wrong"),
    ("ESIA-007194", AUTHORIZE, "access_denied", "The person does not work in this organization"),
    ("ESIA-008010", AUTHORIZE, "unauthorized_client", "The client could not be authenticated"),
    ("ESIA-036700", AUTHORIZE, "invalid_request", "The mnemonic of the consent is missing"),
    ("ESIA-036701", AUTHORIZE, "invalid_request", "The kind of consent was not found"),
    ("ESIA-036702", AUTHORIZE, "invalid_request", "A scope that the consent requires is missing"),
    ("ESIA-036703", AUTHORIZE, "invalid_request", "The scopes go beyond the consent"),
    ("ESIA-036704", AUTHORIZE, "invalid_request", "This consent takes no scopes"),
    ("ESIA-036705", AUTHORIZE, "invalid_request", "At least one action is needed"),
    ("ESIA-036706", AUTHORIZE, "invalid_request", "The action does not exist"),
    ("ESIA-036707", AUTHORIZE, "invalid_request", "At least one purpose is needed"),
    ("ESIA-036716", AUTHORIZE, "invalid_request", "The end of the consent is wrong"),
    ("ESIA-036726", AUTHORIZE, "invalid_request", "The purpose does not exist"),
    ("ESIA-036727", AUTHORIZE, "invalid_request", "One purpose of the consent is needed"),
)
