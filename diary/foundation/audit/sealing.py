"""Sealing the audit log in batches and proving that nothing in it was edited, removed or slipped in (S3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from diary.foundation.audit.models import AuditEvent, AuditSeal, UnsealedEvent
from diary.foundation.audit.rules import GENESIS, chain_hash, leaf_hash, merkle_root
from diary.foundation.core import clock
from diary.foundation.core.registry import Registry

BATCH = 1000
LONGEST_DEED = dt.timedelta(hours=1)  # an event is sealed soon after the transaction that wrote it has ended
CLOCKS_DIFFER = dt.timedelta(minutes=5)  # between servers at most; within one, times follow the numbers of events
SEAL_LOCK = 7_301_001

# higher rooms with chains of their own (history of marks) hand in a check: it yields one sentence for each break
chain_checks: Registry[Callable[[], Iterator[str]]] = Registry("audit chains")


def event_content(event: AuditEvent) -> dict[str, Any]:
    """What of an event is hashed: everything."""
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "user": event.user_id,
        "name": event.user_name,
        "school": event.school_id,
        "action": event.action,
        "type": event.object_type,
        "object": event.object_id,
        "ip": event.ip,
        "details": event.details,
    }


def seal_events() -> int:
    """Seal the events waiting in the queue, oldest first, at most a batch. Returns how many. One sealer at a time."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        ids = list(UnsealedEvent.objects.order_by("event_id").values_list("event_id", flat=True)[:BATCH])
        if not ids:
            return 0
        leaves = [leaf_hash(event_content(event)) for event in AuditEvent.objects.filter(id__in=ids).order_by("id")]
        last = AuditSeal.objects.order_by("-id").first()
        root = merkle_root(leaves)
        AuditSeal.objects.create(
            sealed_at=clock.now(),
            event_ids=ids,
            leaves=b"".join(leaves),
            root=root,
            chain=chain_hash(bytes(last.chain) if last else GENESIS, root, ids),
        )
        UnsealedEvent.objects.filter(event_id__in=ids).delete()
        return len(ids)


def verify_seals() -> Iterator[str]:
    """Yield one sentence for each break: seal by seal, event by event; nothing when the log is whole."""
    previous = GENESIS
    sealed_until: dt.datetime | None = None  # the latest event of the seals before
    for seal in AuditSeal.objects.order_by("id").iterator(chunk_size=200):
        leaves = [bytes(seal.leaves[i : i + 32]) for i in range(0, len(seal.leaves), 32)]
        if len(leaves) != len(seal.event_ids) or not leaves or merkle_root(leaves) != bytes(seal.root):
            yield f"audit seal {seal.id}: its leaves do not give its root"
        if chain_hash(previous, bytes(seal.root), seal.event_ids) != bytes(seal.chain):
            yield f"audit seal {seal.id}: the chain from the seal before it is broken"
        previous = bytes(seal.chain)
        events = AuditEvent.objects.in_bulk(seal.event_ids)
        for event_id, leaf in zip(seal.event_ids, leaves, strict=False):
            event = events.get(event_id)
            if event is None:
                yield f"audit event {event_id}: removed after it was sealed"
            elif leaf_hash(event_content(event)) != leaf:
                yield f"audit event {event_id}: changed after it was sealed"
        yield from _misdated(list(events.values()), sealed_until, seal.sealed_at)
        latest = max((min(event.at, seal.sealed_at) for event in events.values()), default=seal.sealed_at)
        sealed_until = max(latest, sealed_until or latest)
    waiting = AuditEvent.objects.filter(id__in=UnsealedEvent.objects.values("event_id")).order_by("id")
    yield from _misdated(list(waiting), sealed_until, None)
    yield from _out_of_order()
    yield from _outside_any_seal()


def _misdated(
    events: Sequence[AuditEvent], sealed_until: dt.datetime | None, sealed_at: dt.datetime | None
) -> Iterator[str]:
    """Events whose time does not fit their place in the sealed order."""
    for event in events:
        if sealed_until and event.at < sealed_until - LONGEST_DEED:
            yield f"audit event {event.id}: dated {event.at:%d.%m.%Y %H:%M}, but later ones were sealed before it"
        if sealed_at and event.at > sealed_at + CLOCKS_DIFFER:
            yield f"audit event {event.id}: dated {event.at:%d.%m.%Y %H:%M}, after it was sealed"


ORDER_SQL = """
SELECT id, at FROM (
 SELECT id, at, max(at) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
 FROM audit_auditevent
) event WHERE at < before - %s ORDER BY id LIMIT 100
"""


def _out_of_order() -> Iterator[str]:
    given: list[Any] = [CLOCKS_DIFFER]
    with connection.cursor() as cursor:
        cursor.execute(ORDER_SQL, given)
        for event_id, at in cursor.fetchall():
            yield f"audit event {event_id}: dated {at:%d.%m.%Y %H:%M}, but earlier numbers are later"


def _outside_any_seal() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM audit_auditevent EXCEPT (SELECT unnest(event_ids) FROM audit_auditseal"
            " UNION ALL SELECT event_id FROM audit_unsealedevent) ORDER BY id LIMIT 100"
        )
        for (event_id,) in cursor.fetchall():
            yield f"audit event {event_id}: stands outside the queue and every seal"


def verify_everything() -> Iterator[str]:
    """The audit log and every chain that other rooms handed in."""
    yield from verify_seals()
    for check in chain_checks:
        yield from check()
