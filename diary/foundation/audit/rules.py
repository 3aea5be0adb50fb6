"""Hashes of the audit chain: leaves, Merkle roots and proofs. Plain values in and out (S3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

GENESIS = b"\0" * 32


def canonical(value: Mapping[str, Any]) -> bytes:
    """One byte string for one value: sorted keys, no spaces, UTF-8; dates and ids by str()."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def leaf_hash(value: Mapping[str, Any]) -> bytes:
    """SHA-256 of a record, 32 bytes. The prefix keeps leaves and nodes apart (RFC 6962)."""
    return hashlib.sha256(b"\0" + canonical(value)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root over at least one leaf; an odd node is carried up as it is."""
    if not leaves:
        raise ValueError("a Merkle tree needs a leaf")
    level = list(leaves)
    while len(level) > 1:
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def merkle_proof(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """The siblings from leaf `index` to the root: («left» or «right», hash)."""
    proof: list[tuple[str, bytes]] = []
    level = list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            proof.append(("left" if sibling < index else "right", level[sibling]))
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
        index //= 2
    return proof


def root_from_proof(leaf: bytes, proof: Sequence[tuple[str, bytes]]) -> bytes:
    """What an outsider computes to check one record against a published root."""
    for side, sibling in proof:
        leaf = _node(sibling, leaf) if side == "left" else _node(leaf, sibling)
    return leaf


def chain_hash(previous: bytes, root: bytes, event_ids: Sequence[int]) -> bytes:
    """The next link over the roots."""
    return hashlib.sha256(b"\2" + previous + root + canonical({"ids": list(event_ids)})).digest()
