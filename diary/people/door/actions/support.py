"""The support desk: identity was checked by talking; the account is unlocked, its password never set (A7)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.post.jobs import send_later
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import User
from diary.people.door.guarding import guard
from diary.people.door.guarding.limits import Limit
from diary.people.door.models import Factor, RecoveryCode, Session
from diary.people.door.policies import can_support
from diary.people.door.rules.lockout import Standing
from diary.people.door.sessions.revocation import revoke_all

SHORTEST_REASON = 10
# Every unlocking gives five more guesses: a desk that is talked into it, or plays along, does not give hundreds.
UNLOCKS = Limit("unlocks", most=3, seconds=8 * 3600)
REPLACEMENTS = Limit("replaced factors", most=1, seconds=24 * 3600)


class ReasonNeeded(BadInput):
    """Nobody is unlocked without a word."""


class NothingToReplace(BadInput):
    """There is no app or key, or no confirmed phone that could take their place."""


class NotLocked(BadInput):
    """There is nothing to unlock."""


@action(check=can_support)
def unlock_account(actor: Actor, user: User, *, reason: str) -> None:
    """Let the password be tried again, and open an account that its owner has closed.

    Raises ReasonNeeded, NotLocked, limits.TooMany.
    """
    reason = _written(reason)
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


@action(check=can_support)
def replace_lost_factors(actor: Actor, user: User, *, reason: str) -> None:
    """An app or a key is lost: codes by SMS to the confirmed phone take the place of all other factors (D1).

    The password is asked as ever, so support alone opens nothing; every session ends, paper codes die, and the owner
    hears of it by SMS and by e-mail. Raises ReasonNeeded, NothingToReplace, limits.TooMany.
    """
    reason = _written(reason)
    lost = Factor.objects.ready().filter(user=user).exclude(kind=Factor.Kind.SMS)
    kinds = sorted(set(lost.values_list("kind", flat=True)))
    if not kinds or user.phone_confirmed_at is None:
        raise NothingToReplace(_("Заменять нечего: нет приложения или ключа либо подтверждённого телефона."))
    REPLACEMENTS.must_take(user.number)
    Factor.objects.update_or_create(user=user, kind=Factor.Kind.SMS, defaults={"confirmed_at": clock.now()})
    Factor.objects.filter(user=user).exclude(kind=Factor.Kind.SMS).delete()
    RecoveryCode.objects.filter(user=user).delete()
    taken = revoke_all(user.id)
    ended = Session.objects.filter(user_id=user.id).delete()[0]
    log.note(user, reason=reason, removed=kinds, sessions=ended, taken=taken)
    text = _(
        "Поддержка удалила ваши способы подтверждения входа: теперь код приходит в SMS. Если вы об этом не просили,"
        " смените пароль и напишите в поддержку."
    )
    send_later("sms", user.phone, text)
    tell_owner(user, _("Способы подтверждения входа заменены"), text)


def _written(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded(_("Напишите, как вы убедились, что это владелец: не меньше 10 знаков."))
    return reason
