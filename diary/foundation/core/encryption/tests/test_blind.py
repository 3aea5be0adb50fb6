"""Blind indexes: found by the text, told by nothing else, the same after every rotation."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diary.foundation.core.encryption import blind_index
from diary.foundation.core.encryption.keys import COUNTRY, forget_keys, key_in_use
from diary.foundation.core.models import DataKey

pytestmark = pytest.mark.usefixtures("sealed")
PHONE = "+79161234567"


def test_equal_texts_are_found() -> None:
    before = blind_index("phone", PHONE)
    forget_keys()
    assert blind_index("phone", PHONE) == before
    assert len(before) == 16


def test_other_texts_and_other_purposes_differ() -> None:
    @given(st.text(), st.text(), st.sampled_from(["phone", "email", "document"]))
    @settings(deadline=None, max_examples=50)
    def differ(one: str, other: str, purpose: str) -> None:
        assert (blind_index(purpose, one) == blind_index(purpose, other)) == (one == other)
        assert blind_index(purpose, one) != blind_index("card", one)

    differ()


def test_index_tells_nothing_without_the_key() -> None:
    key = key_in_use(COUNTRY, DataKey.INDEX)
    assert key.secret != key_in_use(COUNTRY).secret
    assert blind_index("phone", PHONE) != hashlib.sha256(PHONE.encode()).digest()[:16]
