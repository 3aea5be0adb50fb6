"""Encryption at rest: sealed columns, their keys, and blind indexes (S1)."""

from diary.foundation.core.encryption.blind import blind_index
from diary.foundation.core.encryption.fields import EncryptedTextField
from diary.foundation.core.encryption.values import DecryptionFailed

__all__ = ["DecryptionFailed", "EncryptedTextField", "blind_index"]
