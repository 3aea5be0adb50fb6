"""What a thief of the database would read: no document, phone, PIN or secret of a QR stands anywhere in clear (S1)."""

from __future__ import annotations

from django.db import connection

from diary.foundation.jobs.models import Task
from diary.foundation.tables.packing import pack
from diary.foundation.tables.sources import Upload
from diary.people.roster.actions import ask_for_child, bind_device, issue_pass
from diary.people.roster.models import ImportRun
from diary.people.roster.queries.devices import find_pass
from diary.people.roster.tests.families import CERTIFICATE, VANYA, put_on_record
from diary.people.roster.tests.test_devices import NOBODY, TABLET
from tests.people import PHONES, Cast

PIN = "902817"


def whole_database() -> str:
    """Every row of every table as text, bytes in hex."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def in_any_shape(text: str) -> list[str]:
    return [text, text.encode().hex(), text.encode("utf-16-le").hex()]


def test_dump_holds_no_document_phone_pin_or_secret(cast: Cast) -> None:
    put_on_record(cast.vanya_1a)
    ask_for_child(cast.actor("igor"), cast.school, given=VANYA, relation="отец")
    secret = issue_pass(cast.actor("olga"), cast.masha)
    child_pass = find_pass(secret)
    assert child_pass is not None
    bound = bind_device(NOBODY, child_pass, device=TABLET, pin=PIN, parallel=7)
    task = Task.objects.create(school=cast.school, user_id=cast.users["gleb"].id, kind="tests", title="")
    packed = pack([Upload("pupils.csv", CERTIFICATE.text.encode())])
    ImportRun.objects.create(school=cast.school, user=cast.users["gleb"], files=packed, check_task=task)
    dump = whole_database()
    assert cast.vanya_1a.last_name in dump, "the dump is a dump"
    number, digits = CERTIFICATE.text[-6:], PHONES["igor"][2:]
    for clear in (CERTIFICATE.text, number, digits, PIN, secret, bound.secret, packed):
        assert not [shape for shape in in_any_shape(clear) if shape in dump], clear
