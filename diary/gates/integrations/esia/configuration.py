"""How this diary is known to ESIA: everything comes from the settings, and without a client id the door is closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from django.conf import settings


@dataclass(frozen=True)
class EsiaConfiguration:
    """`address` and `issuer` of ESIA, our mnemonic there, our key pair, ESIA's certificates, what we ask to read."""

    address: str
    issuer: str
    client_id: str
    key_file: Path
    certificate_file: Path
    trusted_folder: Path
    scopes: tuple[str, ...]

    @property
    def scope(self) -> str:
        """As ESIA takes it."""
        return " ".join(self.scopes)

    def asks_for(self, *wanted: str) -> bool:
        """Whether a scope that begins with one of these words is asked for."""
        return any(scope.startswith(wanted) for scope in self.scopes)

    def trusted_certificates(self) -> Iterator[x509.Certificate]:
        """ESIA's certificates, newest file first: read anew each time, so that a rotated one needs no restart."""
        files = [file for kind in ("*.pem", "*.crt", "*.cer") for file in self.trusted_folder.glob(kind)]
        for file in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True):
            data = file.read_bytes()
            is_text = data.startswith(b"-----")
            yield x509.load_pem_x509_certificate(data) if is_text else x509.load_der_x509_certificate(data)


def configuration() -> EsiaConfiguration | None:
    """What the settings say; None where ESIA is not connected."""
    if not settings.ESIA_CLIENT_ID:
        return None
    return EsiaConfiguration(
        address=settings.ESIA_ADDRESS.rstrip("/"),
        issuer=settings.ESIA_ISSUER,
        client_id=settings.ESIA_CLIENT_ID,
        key_file=Path(settings.ESIA_KEY_FILE),
        certificate_file=Path(settings.ESIA_CERTIFICATE_FILE),
        trusted_folder=Path(settings.ESIA_TRUSTED_FOLDER),
        scopes=tuple(settings.ESIA_SCOPES.split()),
    )
