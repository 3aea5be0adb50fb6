"""One sealed value: AES-256-GCM under a data key, bound to its place in the database.

Layout: version (1 byte) · number of the data key (4) · nonce (12) · ciphertext and tag (text + 16). Empty text is
empty bytes.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from diary.foundation.core.encryption.keys import UnknownKey, key_in_use, key_name, key_of

VERSION = b"\x01"
HEAD = 5  # bytes: version and key
NONCE = 12
SHORTEST = HEAD + NONCE + 1 + 16


def head_of(key_id: int) -> bytes:
    """How the values begin that this key has sealed."""
    return VERSION + key_id.to_bytes(4, "big")


class DecryptionFailed(Exception):
    """A stored value does not open: changed, moved from another place, or its key is gone. Names the place only."""


class Sealed(bytes):
    """A value that `seal` has made in this process, ready to be written."""


class Place(NamedTuple):
    """Where a value stands. Moved to another place it does not open."""

    table: str
    column: str
    school_number: int
    row: str

    def bound(self, head: bytes) -> bytes:
        """The bytes that are authenticated together with the text."""
        return head + "\0".join((self.table, self.column, str(self.school_number), self.row)).encode()


def seal(text: str, place: Place) -> Sealed:
    """The text made unreadable, under the key that the school uses now."""
    if not text:
        return Sealed()
    key = key_in_use(place.school_number)
    head = head_of(key.id)
    nonce = secrets.token_bytes(NONCE)
    return Sealed(head + nonce + key.cipher.encrypt(nonce, text.encode(), place.bound(head)))


def unseal(value: bytes, place: Place) -> str:
    """The text again. Raises DecryptionFailed."""
    if not value:
        return ""
    if len(value) < SHORTEST or value[:1] != VERSION:
        raise DecryptionFailed(f"{place.table}.{place.column}: not a sealed value")
    head, nonce, rest = value[:HEAD], value[HEAD : HEAD + NONCE], value[HEAD + NONCE :]
    key_id = int.from_bytes(head[1:], "big")
    try:
        return key_of(key_id).cipher.decrypt(nonce, rest, place.bound(head)).decode()
    except UnknownKey:
        raise DecryptionFailed(f"{place.table}.{place.column}: data key {key_name(key_id)} is unknown") from None
    except InvalidTag:
        raise DecryptionFailed(f"{place.table}.{place.column}: changed, or moved from another place") from None
