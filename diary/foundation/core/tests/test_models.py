"""Idempotency keys: carried out once, by one person."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import transaction

from diary.foundation.core import clock
from diary.foundation.core.models import DoneOnce, KeyReused, is_first_time

NOW = dt.datetime(2026, 10, 14, 9, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_key_is_first_once_for_each_person() -> None:
    key = uuid.uuid4()
    with clock.fixed(NOW):
        assert [is_first_time(user, key, ["5"]) for user in (1, 1, 2)] == [True, False, True]
    assert set(DoneOnce.objects.values_list("user_id", "done_at")) == {(1, NOW), (2, NOW)}


@pytest.mark.django_db
def test_key_of_what_was_rolled_back_is_first_again() -> None:
    key = uuid.uuid4()
    with transaction.atomic():
        assert is_first_time(1, key, [])
        transaction.set_rollback(True)
    assert is_first_time(1, key, [])


@pytest.mark.django_db
def test_key_is_bound_to_the_content_of_its_request() -> None:
    """A8."""
    key, lesson = uuid.uuid4(), uuid.uuid4()
    assert is_first_time(1, key, {"lesson": lesson, "weight": Decimal("1.5")})
    assert not is_first_time(1, key, {"weight": Decimal("1.5"), "lesson": lesson})
    with pytest.raises(KeyReused) as refusal:
        is_first_time(1, key, {"lesson": lesson, "weight": Decimal("2.5")})
    assert refusal.value.status == 422
    assert is_first_time(2, key, {"lesson": lesson, "weight": Decimal("2.5")})


@pytest.mark.django_db
def test_key_older_than_the_rule_is_still_done_once() -> None:
    DoneOnce.objects.create(user_id=1, key=(key := uuid.uuid4()))
    assert not is_first_time(1, key, ["5"])
