"""What the pages and the registry ask of identities."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from django.urls import reverse

from diary.gates.integrations.identities.rules import suggested_login
from diary.people.accounts.models import User
from diary.people.door.signing_in.identity_providers import Link, identity_providers


def free_login(last_name: str, first_name: str) -> str:
    """A login of the person's name that nobody has yet."""
    begins = suggested_login(last_name, first_name)
    taken = {login.lower() for login in User.objects.filter(login__istartswith=begins).values_list("login", flat=True)}
    logins = (suggested_login(last_name, first_name, number) for number in count(1))
    return next(login for login in logins if login not in taken)


def label_of(provider: str) -> str:
    """«Госуслуги»."""
    return str(identity_providers.get(provider).label())


def link_with(provider: str) -> Callable[[User], Link | None]:
    """The question that «Безопасность» asks of each provider: is this user linked with it?"""

    def link_of(user: User) -> Link | None:
        found = user.identities.filter(provider=provider).first()
        if found is None:
            return None
        return Link(found.linked_at, found.last_used_at, reverse("identities:unlink", args=[found.id]))

    return link_of
