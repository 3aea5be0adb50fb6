"""Writing events: one statement, whatever their number; each in the sealer's queue."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy

from diary.foundation.access.actor import ANONYMOUS, system_actor
from diary.foundation.audit.log import AuditNote, collect_notes, note, write_audit
from diary.foundation.audit.models import AuditEvent, UnsealedEvent
from tests.people import Cast


def test_many_notes_are_one_statement(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    actor = cast.actor("anna")
    for count in (1, 30):
        with django_assert_num_queries(1):
            write_audit(actor, "tests.deed", cast.masha, [AuditNote({"n": n}) for n in range(count)])
    assert AuditEvent.objects.count() == UnsealedEvent.objects.count() == 31
    assert set(UnsealedEvent.objects.values_list("event_id", flat=True)) == set(
        AuditEvent.objects.values_list("id", flat=True)
    )


def test_place_of_an_event_is_its_subject(cast: Cast) -> None:
    actor = cast.actor("anna")
    write_audit(actor, "tests.deed", cast.school, [AuditNote()])
    write_audit(actor, "tests.deed", None, [AuditNote()])
    write_audit(actor, "tests.deed", cast.masha, [AuditNote(subject=cast.users["masha"])])
    rows = AuditEvent.objects.order_by("id").values_list("school_id", "object_type", "object_id")
    assert list(rows) == [
        (cast.school.id, "schools.school", str(cast.school.id)),
        (None, "", ""),
        (None, "accounts.user", str(cast.users["masha"].id)),
    ]


def test_details_keep_every_kind_of_value(cast: Cast) -> None:
    one = uuid.uuid4()
    details = {
        "id": one,
        "day": dt.date(2026, 10, 14),
        "weight": Decimal("1.5"),
        "why": gettext_lazy("Ошибка"),
        "о": "ё😀",
    }
    write_audit(system_actor([1]), "tests.deed", None, [AuditNote(details)])
    event = AuditEvent.objects.get()
    assert event.details == {"id": str(one), "day": "2026-10-14", "weight": "1.5", "why": "Ошибка", "о": "ё😀"}
    assert (event.user_id, event.user_name, event.ip) == (0, "Система", None)


def test_visitor_is_recorded_as_nobody(cast: Cast) -> None:
    write_audit(ANONYMOUS, "tests.deed", None, [AuditNote()])
    assert AuditEvent.objects.get().user_id is None


def test_notes_of_an_inner_deed_are_its_own() -> None:
    with collect_notes() as outer:
        note(n=1)
        with collect_notes() as inner:
            note("subject", n=2)
        note(n=3)
    assert [one.details for one in outer] == [{"n": 1}, {"n": 3}]
    assert inner == [AuditNote({"n": 2}, "subject")]
    with pytest.raises(RuntimeError):
        note(n=4)
