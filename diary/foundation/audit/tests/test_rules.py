"""Hashes of the audit chain: any change of anything changes the root, and every leaf can be proved."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.foundation.audit.rules import (
    GENESIS,
    canonical,
    chain_hash,
    leaf_hash,
    merkle_proof,
    merkle_root,
    root_from_proof,
)

leaf = st.binary(min_size=32, max_size=32)
leaves = st.lists(leaf, min_size=1, max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
records = st.dictionaries(st.text(min_size=1), json_values, max_size=6)


@given(records)
def test_order_of_keys_does_not_matter(record: dict[str, object]) -> None:
    assert canonical(record) == canonical(dict(reversed(record.items())))


@given(records, records)
def test_different_records_have_different_hashes(one: dict[str, object], other: dict[str, object]) -> None:
    # Python counts True as 1; records do not
    assert (leaf_hash(one) == leaf_hash(other)) is (repr(_sorted(one)) == repr(_sorted(other)))


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return [(key, _sorted(value[key])) for key in sorted(value)]
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def test_dates_ids_and_decimals_are_hashed_as_they_are_written() -> None:
    at = dt.datetime(2026, 10, 14, 9, tzinfo=dt.UTC)
    one = uuid.UUID(int=7)
    record = {"at": at, "id": one, "weight": Decimal("1.50"), "ё": "мяч"}
    expected = f'{{"at":"{at}","id":"{one}","weight":"1.50","ё":"мяч"}}'
    assert canonical(record) == expected.encode()
    assert leaf_hash(record) == hashlib.sha256(b"\0" + expected.encode()).digest()


@given(leaves, st.data())
def test_every_leaf_is_proved_by_its_siblings(tree: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(tree) - 1))
    proof = merkle_proof(tree, index)
    assert root_from_proof(tree[index], proof) == merkle_root(tree)
    assert len(proof) <= (len(tree) - 1).bit_length()


@given(leaves, leaf, st.data())
def test_another_leaf_is_not_proved(tree: list[bytes], forged: bytes, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(tree) - 1))
    is_same = forged == tree[index]
    assert (root_from_proof(forged, merkle_proof(tree, index)) == merkle_root(tree)) is is_same


@given(leaves, leaf, st.data())
def test_root_changes_with_any_leaf_changed_added_or_removed(
    tree: list[bytes], other: bytes, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(tree) - 1))
    changed = [*tree[:index], other, *tree[index + 1 :]]
    added = [*tree[:index], other, *tree[index:]]
    removed = [*tree[:index], *tree[index + 1 :]]
    root = merkle_root(tree)
    assert (merkle_root(changed) == root) is (changed == tree)
    assert merkle_root(added) != root
    assert not removed or merkle_root(removed) != root


def test_inner_node_cannot_pass_for_a_leaf() -> None:
    """The second-preimage trick: two leaves against the one that is their node (RFC 6962)."""
    one, two = leaf_hash({"n": 1}), leaf_hash({"n": 2})
    root = merkle_root([one, two])
    assert root == hashlib.sha256(b"\1" + one + two).digest()
    assert root != hashlib.sha256(b"\0" + one + two).digest()


def test_tree_without_leaves_has_no_root() -> None:
    with pytest.raises(ValueError, match="needs a leaf"):
        merkle_root([])


def test_known_root() -> None:
    """Written down once, so that a change of the formula cannot pass for a change of the log."""
    root = merkle_root([leaf_hash({"n": n}) for n in range(3)])
    assert root.hex() == "2cfef7627597e00b564975774ad728ef210706759fca6d64138c6dfc1cbf2cda"
    assert (
        chain_hash(GENESIS, root, [1, 2, 3]).hex() == "887d07621565adaae9578bf046e2c96c13c58cdf8871720db9441f40110a2d7f"
    )


@given(leaf, leaf, st.lists(st.integers(0, 2**63 - 1), min_size=1))
def test_chain_depends_on_all_that_it_holds(previous: bytes, root: bytes, ids: list[int]) -> None:
    link = chain_hash(previous, root, ids)
    assert link != chain_hash(GENESIS if previous != GENESIS else root, root, ids) or previous == root == GENESIS
    assert link != chain_hash(previous, root, [*ids, 1])
    assert link == chain_hash(previous, root, tuple(ids))
