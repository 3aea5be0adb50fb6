"""How messages leave: gates hand channels in; with none of a kind, that kind is not offered to anybody."""

from __future__ import annotations

from typing import Literal, Protocol

from diary.foundation.core.registry import Registry


class DeliveryFailed(Exception):
    """The channel did not take the message; the worker tries again. Says why, without the address and the text."""


class DeliveryRefused(DeliveryFailed):
    """The channel will not take this message however often it is offered: the worker gives up."""


class MessageChannel(Protocol):
    """One way to a phone or a mailbox."""

    @property
    def kind(self) -> Literal["sms", "email"]: ...

    def send(self, address: str, text: str, subject: str) -> None:
        """Hand the message over: to a phone (E.164) or a mailbox. SMS have no subject. Raises DeliveryFailed."""


# the first channel of a kind is used
message_channels: Registry[MessageChannel] = Registry("message channels")


def channel_for(kind: str) -> MessageChannel | None:
    """The channel of this kind, if the machine has one."""
    return next((channel for channel in message_channels if channel.kind == kind), None)
