"""Sealing in batches; the breaks that it finds are tried in tests/architecture/test_database_locks.py."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from diary.foundation.audit import sealing
from diary.foundation.audit.log import AuditNote, write_audit
from diary.foundation.audit.models import AuditEvent, AuditSeal, UnsealedEvent
from diary.foundation.audit.rules import GENESIS, chain_hash
from diary.foundation.audit.sealing import chain_checks, seal_events, verify_everything, verify_seals
from tests.people import NOW, Cast


def write(cast: Cast, count: int) -> None:
    write_audit(cast.actor("anna"), "tests.deed", cast.masha, [AuditNote({"n": n}) for n in range(count)])


def test_nothing_to_seal_makes_no_seal(cast: Cast) -> None:
    assert seal_events() == 0
    assert not AuditSeal.objects.exists()
    assert list(verify_seals()) == []


def test_waiting_events_are_sealed_once_and_in_order(cast: Cast) -> None:
    write(cast, 3)
    assert (seal_events(), seal_events()) == (3, 0)
    seal = AuditSeal.objects.get()
    assert seal.event_ids == list(AuditEvent.objects.order_by("id").values_list("id", flat=True))
    assert (seal.sealed_at, len(seal.leaves)) == (NOW, 3 * 32)
    assert not UnsealedEvent.objects.exists()
    assert list(verify_seals()) == []


def test_seals_are_chained_from_the_first(cast: Cast) -> None:
    chain = GENESIS
    for count in (1, 2, 5):
        write(cast, count)
        seal_events()
    for seal in AuditSeal.objects.order_by("id"):
        chain = chain_hash(chain, bytes(seal.root), seal.event_ids)
        assert bytes(seal.chain) == chain
    assert list(verify_seals()) == []


def test_more_than_a_batch_takes_several_seals(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 4)
    write(cast, 10)
    assert [seal_events() for _ in range(4)] == [4, 4, 2, 0]
    assert list(verify_seals()) == []


def test_event_taken_out_of_the_queue_by_hand_is_found(cast: Cast) -> None:
    """The one thing that the application's own role could do to the log."""
    write(cast, 2)
    kept = UnsealedEvent.objects.order_by("event_id").first()
    UnsealedEvent.objects.exclude(event_id=kept.event_id).delete()
    seal_events()
    [sentence] = verify_seals()
    assert sentence.endswith("stands outside the queue and every seal")


def test_statements_do_not_grow_with_events(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for count in (1, 30):
        write(cast, count)
        with django_assert_num_queries(8):
            seal_events()


def test_chains_of_other_rooms_are_checked_too(cast: Cast) -> None:
    assert "marks" in chain_checks
    assert list(verify_everything()) == []


def test_command_says_that_all_is_whole(cast: Cast) -> None:
    write(cast, 2)
    out = io.StringIO()
    call_command("audit_verify", stdout=out)
    assert "whole" in out.getvalue()
