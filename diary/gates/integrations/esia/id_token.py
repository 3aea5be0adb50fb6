"""Checking the id_token: that ESIA signed it, for us, just now, and about whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from diary.gates.integrations.esia.configuration import EsiaConfiguration
from diary.gates.integrations.esia.errors import EsiaRefusal

LEEWAY = 60  # seconds by which the clocks may differ


@dataclass(frozen=True)
class EsiaSubject:
    """The person who signed in: `oid` never changes; `is_trusted` is a confirmed account."""

    oid: int
    is_trusted: bool


def subject_of(id_token: str, configuration: EsiaConfiguration, now: dt.datetime) -> EsiaSubject:
    """Whom the token is about. Raises EsiaRefusal when anything in it is not as it must be."""
    try:
        claims = _signed_claims(id_token, configuration)
        _check_claims(claims, configuration, int(now.timestamp()))
        subject = claims["urn:esia:sbj"]
        if subject["urn:esia:sbj:typ"] != "P":
            raise EsiaRefusal("ESIA-007062")
        oid = int(subject["urn:esia:sbj:oid"])
        if int(claims["sub"]) != oid:
            raise EsiaRefusal("bad-token")
        return EsiaSubject(oid, subject.get("urn:esia:sbj:is_tru") is True)
    except (JoseError, KeyError, TypeError, ValueError):
        raise EsiaRefusal("bad-token") from None


def _signed_claims(id_token: str, configuration: EsiaConfiguration) -> dict[str, Any]:
    """The claims, signed by any of the certificates that we trust: during a rotation there are two."""
    registry = JWSRegistry(strict_check_header=False)  # ESIA's header has fields of its own
    for certificate in configuration.trusted_certificates():
        try:
            return jwt.decode(id_token, _public_key(certificate), algorithms=["RS256"], registry=registry).claims
        except BadSignatureError:
            continue
    raise EsiaRefusal("bad-token")


def _public_key(certificate: x509.Certificate) -> RSAKey:
    return RSAKey.import_key(certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _check_claims(claims: dict[str, Any], configuration: EsiaConfiguration, now: int) -> None:
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    is_ours = claims["iss"] == configuration.issuer and audience == [configuration.client_id]
    is_now = claims["nbf"] - LEEWAY <= now and claims["iat"] - LEEWAY <= now < claims["exp"] + LEEWAY
    if not (is_ours and is_now):
        raise EsiaRefusal("bad-token")
