"""Keys of the double: RSA with a self-signed certificate, rotated on request; old ones stay published until dropped."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry


def make_key() -> rsa.RSAPrivateKey:
    """A new RSA key of 2048 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate_of(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    """A self-signed certificate, valid from 2020 to 2039: a double lives on any day."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(dt.datetime(2020, 1, 1)).not_valid_after(dt.datetime(2039, 1, 1))
    return builder.sign(key, hashes.SHA256())


def pem(thing: x509.Certificate | rsa.RSAPrivateKey) -> bytes:
    """As a file holds it."""
    if isinstance(thing, x509.Certificate):
        return thing.public_bytes(serialization.Encoding.PEM)
    return thing.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write_pair(folder: Path, name: str) -> tuple[Path, Path]:
    """A client's key and certificate as files `<name>.key` and `<name>.pem`; files that are there already stay."""
    key_file, certificate_file = folder / f"{name}.key", folder / f"{name}.pem"
    if not (key_file.exists() and certificate_file.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        key = make_key()
        key_file.touch(0o600)
        key_file.write_bytes(pem(key))
        certificate_file.write_bytes(pem(certificate_of(key, name)))
    return key_file, certificate_file


@dataclass
class SigningKeys:
    """ESIA's own keys: the newest signs. Their certificates lie in `folder`, where those who check find them."""

    folder: Path
    pairs: list[tuple[rsa.RSAPrivateKey, x509.Certificate]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.drop_old()

    def rotate(self, *, publish: bool = True) -> None:
        """A new key signs from now on. Unpublished, nobody can check what it signs."""
        key = make_key()
        self.pairs.append((key, certificate_of(key, "ЕСИА (учебная копия)")))
        if publish:
            self._publish()

    def drop_old(self) -> None:
        """Only a new key is left, and only its certificate is published."""
        self.pairs.clear()
        for file in self.folder.glob("*.pem"):
            file.unlink()
        self.rotate()

    def sign(self, claims: dict[str, object]) -> str:
        """A JWT as ESIA makes it: RS256, no key id."""
        header = {"ver": 1, "alg": "RS256", "sbt": "id"}
        registry = JWSRegistry(strict_check_header=False)  # ver and sbt are ESIA's own
        return jwt.encode(header, claims, RSAKey.import_key(pem(self.pairs[-1][0])), registry=registry)

    def _publish(self) -> None:
        for _key, certificate in self.pairs:
            file = self.folder / f"{certificate.fingerprint(hashes.SHA256()).hex()[:16]}.pem"
            draft = file.with_suffix(".new")
            draft.write_bytes(pem(certificate))
            draft.rename(file)
