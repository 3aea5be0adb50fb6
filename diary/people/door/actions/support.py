"""The support desk: identity was checked by talking; the account is unlocked, its password never set (A7)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core.errors import BadInput
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import User
from diary.people.door.guarding import guard
from diary.people.door.guarding.limits import Limit
from diary.people.door.policies import can_support
from diary.people.door.rules.lockout import Standing

SHORTEST_REASON = 10
# Every unlocking gives five more guesses: a desk that is talked into it, or plays along, does not give hundreds.
UNLOCKS = Limit("unlocks", most=3, seconds=8 * 3600)


class ReasonNeeded(BadInput):
    """Nobody is unlocked without a word."""


class NotLocked(BadInput):
    """There is nothing to unlock."""


@action(check=can_support)
def unlock_account(actor: Actor, user: User, *, reason: str) -> None:
    """Let the password be tried again, and open an account that its owner has closed.

    Raises ReasonNeeded, NotLocked, limits.TooMany.
    """
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded(_("Напишите, как вы убедились, что это владелец: не меньше 10 знаков."))
    standing, was_closed = guard.standing_of(user), user.deactivated_at is not None
    if standing is Standing.OPEN and not was_closed:
        raise NotLocked(_("Вход и так открыт. Если пароль забыт, человек восстановит доступ сам."))
    UNLOCKS.must_take(user.number)
    guard.unlock(user)
    user.deactivated_at, user.deactivated_why = None, ""
    user.save(update_fields=["deactivated_at", "deactivated_why"])
    log.note(user, reason=reason, was=standing.value, was_closed=was_closed)
    tell_owner(
        user,
        _("Учётная запись разблокирована"),
        _("Поддержка разблокировала ваш вход в дневник. Если вы об этом не просили, напишите в поддержку."),
    )
