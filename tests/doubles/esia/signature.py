"""Checking a detached CMS (PKCS#7) signature by the registered certificate of a client (RFC 5652, RSA, SHA-256)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

SEQUENCE, SET, OCTETS, CONTEXT_0 = 0x30, 0x31, 0x04, 0xA0
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")  # the OID 1.2.840.113549.1.9.4


class BadSignature(Exception):
    """It is no signature of these bytes by this certificate."""


def verify(signature: bytes, content: bytes, certificate: x509.Certificate) -> None:
    """Return quietly when `signature` (DER) is the certificate's over `content`, else raise BadSignature."""
    try:
        signed_attributes, value = _signer(signature)
        if _digest_in(signed_attributes) != hashlib.sha256(content).digest():
            raise BadSignature("the digest is of other bytes")
        key = certificate.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        # RFC 5652, 5.4: what is signed is the attributes as a SET, not as the tagged field they travel in
        key.verify(value, bytes([SET]) + signed_attributes[1:], padding.PKCS1v15(), SHA256())
    except (IndexError, StopIteration, ValueError, InvalidSignature) as problem:
        raise BadSignature(type(problem).__name__) from problem


def _signer(signature: bytes) -> tuple[bytes, bytes]:
    """The signed attributes (whole) and the signature's bytes of the first SignerInfo."""
    content_info = [body for _tag, body, _whole in _parts(_first(signature, SEQUENCE))]
    signed_data = list(_parts(_first(content_info[1], SEQUENCE)))
    signers = next(body for tag, body, _whole in reversed(signed_data) if tag == SET)
    fields = list(_parts(_first(signers, SEQUENCE)))
    attributes = next(whole for tag, _body, whole in fields if tag == CONTEXT_0)
    return attributes, next(body for tag, body, _whole in fields if tag == OCTETS)


def _digest_in(attributes: bytes) -> bytes:
    """The value of the attribute messageDigest."""
    for _tag, attribute, _whole in _parts(next(_parts(attributes))[1]):
        name, values = list(_parts(attribute))[:2]
        if name[2] == MESSAGE_DIGEST:
            return _first(values[1], OCTETS)
    raise BadSignature("no digest")


def _first(der: bytes, tag: int) -> bytes:
    found, body, _whole = next(_parts(der))
    if found != tag:
        raise ValueError(f"expected {tag:#x}, got {found:#x}")
    return body


def _parts(der: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(tag, body, the whole) of each value that stands in these bytes."""
    at = 0
    while at < len(der):
        length, start = der[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, start = int.from_bytes(der[start : start + size]), start + size
        if start + length > len(der):
            raise ValueError("cut off")
        yield der[at], der[start : start + length], der[at : start + length]
        at = start + length
