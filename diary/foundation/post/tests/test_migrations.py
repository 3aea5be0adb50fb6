"""A database made before the post had a room of its own keeps the messages that wait in it (C4)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from conftest import TEST_DATABASE, create_database, drop_database
from diary.foundation.core import clock
from diary.foundation.core.encryption.values import Place, seal
from diary.foundation.post.models import OutgoingMessage
from tests.committed import database_name, in_database
from tests.people import NOW, Cast


@pytest.fixture
def of_before(django_db_setup: None, _cast: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A copy of the tests' database as it was before, seen by the owner of the tables."""
    name = database_name("before_post")
    with clock.fixed(NOW):
        with django_db_blocker.unblock():
            connection.close()
            create_database(name, template=TEST_DATABASE)
            with in_database(name, is_owner=True):
                call_command("migrate", "post", "zero", verbosity=0)
                yield
        drop_database(name)


def test_waiting_messages_move_to_their_room_and_still_open(of_before: None) -> None:
    key = uuid.uuid4()
    sealed = [
        seal(text, Place("accounts_outgoingmessage", column, 0, str(key)))
        for column, text in (("address", "+79990000000"), ("text", "Код: 123456"))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_outgoingmessage (id, kind, address, text, subject, created_at, expires_at)"
            " VALUES (%s, 'sms', %s, %s, '', %s, %s)",
            [key, *sealed, NOW, NOW],
        )
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('urgent', 'accounts.send_message', jsonb_build_object('message_id', %s::text))",
            [str(key)],
        )
    call_command("migrate", verbosity=0)
    message = OutgoingMessage.objects.get()
    assert (message.address, message.text, message.subject) == ("+79990000000", "Код: 123456", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE args->>'message_id' = %s", [str(key)])
        assert cursor.fetchone() == ("post.send_message",)
