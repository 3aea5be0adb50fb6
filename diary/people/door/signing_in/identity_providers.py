"""Other services that vouch for people: gates hand them in, the sign-in page and «Безопасность» offer them (G4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from diary.foundation.core.registry import Registry
from diary.people.accounts.models import User


@dataclass(frozen=True, slots=True)
class Link:
    """A person's account is linked with a person at the provider; a POST to `unlink_url` ends it."""

    linked_at: dt.datetime
    last_used_at: dt.datetime | None
    unlink_url: str


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """`label` is what people call it, `start` the name of the address where an entry begins, `link_of` a user's link.

    `is_factor`: its word is as good as a second factor, because it asks for one itself.
    """

    key: str
    label: Callable[[], str | Promise]
    start: str
    is_on: Callable[[], bool]
    link_of: Callable[[User], Link | None]
    is_factor: bool = False


identity_providers: Registry[IdentityProvider] = Registry("identity providers")


def providers_on() -> list[IdentityProvider]:
    """Those that this machine is connected to."""
    return [provider for provider in identity_providers if provider.is_on()]
