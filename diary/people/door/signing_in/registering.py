"""A new account (A1–A3): no roles until a school or a child is linked, no sign-in until its phone is confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.audit.log import AuditNote, write_audit
from diary.foundation.core import clock
from diary.foundation.core.errors import Conflict
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.guarding import guard, hashing
from diary.people.door.guarding.journal import Visit
from diary.people.door.guarding.limits import SIGN_UPS, place_of

UNFINISHED_FOR = dt.timedelta(days=1)


class LoginTaken(Conflict):
    """Somebody has this login; case makes no difference."""


def sign_up(values: dict[str, Any], visit: Visit) -> User:
    """Make the account of a valid SignUpForm. Raises LoginTaken, limits.TooMany, hashing.Busy."""
    SIGN_UPS.must_take(place_of(visit.ip))
    taken = LoginTaken(_("Логин «%(login)s» уже занят. Придумайте другой.") % {"login": values["login"]})
    if User.objects.filter(login__iexact=values["login"]).exists():
        raise taken
    names = {name: values[name] for name in ("login", "last_name", "first_name", "middle_name", "phone")}
    user = User(password=hashing.hash_password(values["password"]), signed_up_at=clock.now(), **names)
    try:
        with transaction.atomic():
            user.save()
            guard.forget(user.login)
            write_audit(Actor(ip=visit.ip), "door.sign_up", user, [AuditNote()])
    except IntegrityError:
        raise taken from None
    return user


def forget_unfinished() -> None:
    """Accounts that were begun and never finished free their logins after a day."""
    begun = User.objects.filter(signed_up_at__lt=clock.now() - UNFINISHED_FOR, phone_confirmed_at=None, last_login=None)
    begun.exclude(id__in=RoleGrant.objects.values("user_id")).delete()
