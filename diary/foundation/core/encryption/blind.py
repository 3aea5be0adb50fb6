"""Looking for a sealed value without opening any: an index that only the holder of the keys can compute."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from diary.foundation.core.encryption.keys import COUNTRY, key_in_use
from diary.foundation.core.models import DataKey

SIZE = 16  # bytes


def blind_index(purpose: str, text: str) -> bytes:
    """16 bytes that are the same for the same text and purpose, and tell nothing without the index key.

    `purpose` («phone», «email», «document») parts the indexes: equal texts of two purposes do not look equal. The
    caller normalises the text. Rotations of data keys and master keys change nothing here.

    The index key itself is changed by a migration with the site stopped: retire the row of purpose «index» in
    core_datakey, then write every index column anew from the opened values.
    """
    secret = key_in_use(COUNTRY, DataKey.INDEX).secret
    key = HKDF(SHA256(), length=32, salt=None, info=f"blind index {purpose}".encode()).derive(secret)
    return hmac.new(key, text.encode(), hashlib.sha256).digest()[:SIZE]
