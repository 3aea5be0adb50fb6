"""Writes that outlive the failure of the page around them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from diary.foundation.core.lasting import lasting, lasting_writes

written: list[str] = []


def write(word: str) -> str:
    written.append(word)
    return word


@pytest.fixture(autouse=True)
def empty() -> None:
    written.clear()


def test_written_once_where_all_goes_well_and_outside_a_page() -> None:
    assert lasting(lambda: write("outside")) == "outside"
    with lasting_writes():
        assert lasting(lambda: write("inside")) == "inside"
    assert written == ["outside", "inside"]


def failing_page(work: Callable[[], object]) -> None:
    with lasting_writes(), transaction.atomic():
        lasting(work)
        raise ZeroDivisionError


@pytest.mark.django_db
def test_written_again_after_the_page_has_failed() -> None:
    with pytest.raises(ZeroDivisionError):
        failing_page(lambda: write("guess"))
    assert written == ["guess", "guess"]
    lasting(lambda: write("next page"))
    assert written[2:] == ["next page"]


@pytest.mark.django_db
def test_second_write_is_outside_the_transaction_that_was_undone() -> None:
    depths: list[int] = []
    with pytest.raises(ZeroDivisionError):
        failing_page(lambda: depths.append(len(transaction.get_connection().savepoint_ids)))
    assert depths[1] == depths[0] - 1


@pytest.mark.django_db
def test_page_that_answers_although_its_transaction_is_undone() -> None:
    with lasting_writes() as page, transaction.atomic():
        lasting(lambda: write("guess"))
        page.is_undone = True
    assert written == ["guess", "guess"]
