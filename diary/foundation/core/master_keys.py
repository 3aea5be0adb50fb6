"""The master keys: given by the machine, newest first. They wrap the data keys and are kept nowhere else."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

SIZE = 32  # bytes: AES-256
NONCE = 12  # bytes


class MasterKey:
    """Wraps and unwraps data keys. `id` names it: eight digits of a hash that tell nothing about the key."""

    def __init__(self, secret: bytes) -> None:
        self.id = hashlib.sha256(b"diary master key" + secret).hexdigest()[:8]
        self._cipher = AESGCM(secret)

    def wrap(self, secret: bytes, about: bytes) -> bytes:
        """A data key made unreadable; it can be unwrapped only as the key of the same `about`."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, about)

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """The data key. Raises ImproperlyConfigured when the stored bytes were changed."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], about)
        except InvalidTag:
            raise ImproperlyConfigured(
                f"Ключ данных ({about.decode()}) испорчен: верните таблицу core_datakey из копии.\n"
                f"The data key ({about.decode()}) is damaged: restore the table core_datakey from a backup."
            ) from None

    def __repr__(self) -> str:
        return f"<MasterKey {self.id}>"


def given_master_keys(environ: Mapping[str, str]) -> tuple[MasterKey, ...]:
    """The keys of `DIARY_MASTER_KEY_FILE` or `DIARY_MASTER_KEY`: 32 bytes in base64 each, the newest first.

    Several are parted by spaces, commas or new lines; the older ones only open. Raises ImproperlyConfigured.
    """
    words = _given_text(environ).replace(",", " ").split()
    if not words:
        raise ImproperlyConfigured(
            "Не задан главный ключ шифрования: DIARY_MASTER_KEY_FILE (файл) или DIARY_MASTER_KEY. Без него личные\n"
            "данные нельзя ни прочитать, ни записать. Как его создать и хранить: docs/operations.md.\n"
            "No master key is given: DIARY_MASTER_KEY_FILE (a file) or DIARY_MASTER_KEY. Without it personal data can\n"
            "be neither read nor written. How to make and keep one: docs/operations.md."
        )
    return tuple(MasterKey(_secret(word, number)) for number, word in enumerate(words, start=1))


def _given_text(environ: Mapping[str, str]) -> str:
    path = environ.get("DIARY_MASTER_KEY_FILE")
    if not path:
        return environ.get("DIARY_MASTER_KEY", "")
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(
            f"Файл главного ключа не читается: {path} ({type(problem).__name__}).\n"
            f"The file of the master key cannot be read: {path} ({type(problem).__name__})."
        ) from None


def _secret(word: str, number: int) -> bytes:
    try:
        secret = base64.b64decode(word, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != SIZE:
        raise ImproperlyConfigured(
            f"Главный ключ № {number} должен быть 32 байтами в base64 (openssl rand -base64 32).\n"
            f"Master key {number} must be 32 bytes in base64 (openssl rand -base64 32)."
        )
    return secret
