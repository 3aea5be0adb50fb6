"""Idempotency keys: carried out once, by one person."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import transaction

from diary.foundation.core import clock
from diary.foundation.core.models import DoneOnce, is_first_time

NOW = dt.datetime(2026, 10, 14, 9, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_key_is_first_once_for_each_person() -> None:
    key = uuid.uuid4()
    with clock.fixed(NOW):
        assert [is_first_time(1, key), is_first_time(1, key), is_first_time(2, key)] == [True, False, True]
    assert set(DoneOnce.objects.values_list("user_id", "done_at")) == {(1, NOW), (2, NOW)}


@pytest.mark.django_db
def test_key_of_what_was_rolled_back_is_first_again() -> None:
    key = uuid.uuid4()
    with transaction.atomic():
        assert is_first_time(1, key)
        transaction.set_rollback(True)
    assert is_first_time(1, key)
