"""Refusals carry a sentence, a status and what the script needs."""

from __future__ import annotations

import pytest

from diary.foundation.core.errors import BadInput, Conflict, Refusal, TooMuch


@pytest.mark.parametrize(("kind", "status"), [(Refusal, 400), (BadInput, 422), (Conflict, 409), (TooMuch, 413)])
def test_refusal_says_its_sentence_and_status(kind: type[Refusal], status: int) -> None:
    refusal = kind("Так нельзя. Сделайте иначе.", cells=[1])
    assert (refusal.status, refusal.sentence, refusal.extra) == (status, "Так нельзя. Сделайте иначе.", {"cells": [1]})
    assert str(refusal) == refusal.sentence
