"""Passkeys and security keys (WebAuthn): the browser signs a challenge that this session was given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from diary.foundation.core.encryption import blind_index
from diary.people.accounts.models import User
from diary.people.door.models import Factor

NAME = "Электронный дневник"
LARGEST_ANSWER = 20_000  # bytes; a real one has some two thousand


class BadPasskey(Exception):
    """What the browser sent proves nothing."""


def credential_index(credential_id: bytes) -> bytes:
    """What a credential is found by."""
    return blind_index("credential", websafe_encode(credential_id))


def passkeys_of(user: User) -> QuerySet[Factor]:
    """The person's passkeys, the oldest first."""
    return Factor.objects.ready().filter(user=user, kind=Factor.Kind.WEBAUTHN).order_by("created_at")


def begin_registration(request: HttpRequest, user: User) -> tuple[dict[str, Any], Any]:
    """(options for the browser, state that the session keeps until the answer)."""
    entity = PublicKeyCredentialUserEntity(name=user.login, id=user.number.encode(), display_name=user.full_name)
    options, state = _server(request).register_begin(
        entity,
        [_credential(factor) for factor in passkeys_of(user)],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


def finish_registration(request: HttpRequest, state: Any, answer: Mapping[str, Any]) -> tuple[bytes, str]:
    """(credential id, what the factor keeps). Raises BadPasskey."""
    try:
        proved = _server(request).register_complete(state, RegistrationResponse.from_dict(answer))
    except Exception as problem:
        raise BadPasskey from problem
    data = proved.credential_data
    if data is None:
        raise BadPasskey
    return data.credential_id, websafe_encode(bytes(data))


def begin_proof(request: HttpRequest, factors: Iterable[Factor]) -> tuple[dict[str, Any], Any]:
    """(options for the browser, state that the session keeps until the answer)."""
    options, state = _server(request).authenticate_begin(
        [_credential(factor) for factor in factors], user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), state


def finish_proof(request: HttpRequest, state: Any, factors: Sequence[Factor], answer: Mapping[str, Any]) -> Factor:
    """The factor that signed; its counter is put forward. Raises BadPasskey, also for a key that was copied."""
    try:
        response = AuthenticationResponse.from_dict(answer)
        used = _server(request).authenticate_complete(state, [_credential(factor) for factor in factors], response)
        counter = response.response.authenticator_data.counter
    except Exception as problem:
        raise BadPasskey from problem
    factor = next(one for one in factors if _credential(one).credential_id == used.credential_id)
    if counter and counter <= factor.used_up_to:
        raise BadPasskey
    factor.used_up_to = counter
    return factor


def read_answer(body: bytes) -> Mapping[str, Any]:
    """The browser's JSON. Raises BadPasskey."""
    if len(body) > LARGEST_ANSWER:
        raise BadPasskey
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BadPasskey from problem
    if not isinstance(answer, dict):
        raise BadPasskey
    return answer


def _server(request: HttpRequest) -> Fido2Server:
    """Bound to the very address the page came from: a signature given to another site does not fit."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    origin = f"{request.scheme}://{request.get_host()}"
    return Fido2Server(PublicKeyCredentialRpEntity(name=NAME, id=host), verify_origin=lambda given: given == origin)


def _credential(factor: Factor) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(factor.secret))
