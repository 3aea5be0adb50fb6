"""A message leaves once, or waits; what its channel wrote stays if and only if its row goes."""

from __future__ import annotations

import datetime as dt

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.foundation.core import clock
from diary.foundation.post import outbox
from diary.foundation.post.channels import DeliveryFailed, DeliveryRefused
from diary.foundation.post.jobs import forget_messages, send_later, send_message
from diary.foundation.post.models import OutboxMessage, OutgoingMessage


def queued(**more: dt.timedelta) -> str:
    """The id of a message that waits."""
    send_later("email", "olga@example.test", "Код: 123456", subject="Код", **more)  # type: ignore[arg-type]
    return str(OutgoingMessage.objects.get().id)


def test_neither_address_nor_text_stands_in_the_job(db: None) -> None:
    message_id = queued()
    assert ProcrastinateJob.objects.get().args == {"message_id": message_id}


def test_message_leaves_once_even_if_the_job_runs_twice(db: None) -> None:
    message_id = queued()
    for _ in range(2):
        send_message(message_id)
    assert [one.text for one in OutboxMessage.objects.all()] == ["Код: 123456"]
    assert not OutgoingMessage.objects.exists()


def test_message_that_was_not_taken_waits(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DeliveryFailed("no answer")

    monkeypatch.setattr(outbox.Outbox, "send", fail)
    message_id = queued()
    with pytest.raises(DeliveryFailed):
        send_message(message_id)
    assert OutgoingMessage.objects.exists()


def test_message_that_was_refused_goes(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DeliveryRefused("no such number")

    monkeypatch.setattr(outbox.Outbox, "send", refuse)
    send_message(queued())
    assert not OutgoingMessage.objects.exists()


def test_message_that_comes_too_late_is_not_sent(db: None) -> None:
    message_id = queued(lives=dt.timedelta(0))
    send_message(message_id)
    assert not OutboxMessage.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_unsent_messages_are_forgotten_when_nobody_needs_them(db: None) -> None:
    queued()
    forget_messages()
    assert OutgoingMessage.objects.exists()
    OutgoingMessage.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    forget_messages()
    assert not OutgoingMessage.objects.exists()
