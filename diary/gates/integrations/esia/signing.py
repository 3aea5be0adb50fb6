"""The signed `client_secret` of the protocol v1, and the time that stands in it."""

from __future__ import annotations

import base64
import datetime as dt
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7

from diary.gates.integrations.esia.configuration import EsiaConfiguration

MOSCOW = ZoneInfo("Europe/Moscow")


def signed_parameters(configuration: EsiaConfiguration, *, state: str, now: dt.datetime) -> dict[str, str]:
    """The parameters that prove to ESIA who asks: the same set for the browser's way and for the server's."""
    timestamp = now.astimezone(MOSCOW).strftime("%Y.%m.%d %H:%M:%S %z")
    signed = configuration.scope + timestamp + configuration.client_id + state
    return {
        "client_id": configuration.client_id,
        "client_secret": base64.urlsafe_b64encode(_signature(configuration, signed.encode())).decode(),
        "scope": configuration.scope,
        "timestamp": timestamp,
        "state": state,
    }


def _signature(configuration: EsiaConfiguration, content: bytes) -> bytes:
    """Detached PKCS#7 in DER. Both files are read each time: a renewed certificate needs no restart."""
    key = load_pem_private_key(configuration.key_file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the protocol v1 needs an RSA key")
    certificate = x509.load_pem_x509_certificate(configuration.certificate_file.read_bytes())
    if certificate.public_key() != key.public_key():
        raise ValueError("the key is not the certificate's")
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
