"""Ending sessions, and the day when the phone is lost (A8, A9)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import Conflict
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import User
from diary.people.accounts.policies import is_self
from diary.people.door.models import Factor, OneTimeCode, Session, stored_key
from diary.people.door.policies import is_owner
from diary.people.door.queries import can_do_without_phone
from diary.people.door.sessions.revocation import revoke_all


@action(check=is_owner)
def end_session(actor: Actor, session: Session) -> None:
    """Sign that browser out; what was given to it (tokens, push subscriptions) goes with it."""
    taken = revoke_all(actor.person_id, session.handle)
    Session.objects.filter(user_id=actor.person_id, handle=session.handle).delete()
    log.note(session.user, device=session.device, taken=taken)


@action(check=is_self)
def end_all_sessions(actor: Actor, user: User, *, but: str = "") -> None:
    """Sign out everywhere but in the session of this secret; bound devices and whatever was given out die too."""
    taken = revoke_all(user.id)
    ended = Session.objects.filter(user_id=user.id).exclude(session_key=stored_key(but)).delete()[0]
    log.note(user, ended=ended, taken=taken)


class OnlyThePhone(Conflict):
    """Without the phone nothing would tell the owner from a thief: the account can only be closed."""


@action(check=is_self)
def lose_phone(actor: Actor, user: User, *, closes_account: bool, but: str = "") -> None:
    """The phone is lost: its sessions, tokens, push subscriptions and codes die together.

    With `closes_account` nobody comes in until recovery by e-mail or the support desk; otherwise the session of the
    secret `but` stays, and the phone confirms nothing any more. What protected the account until now must go on
    protecting it, also from whoever has pressed this in a stolen session: another factor, or from now on the mailbox.
    Raises OnlyThePhone when there is neither.
    """
    if not closes_account:
        _keep_protected(user)
    taken = revoke_all(user.id)
    ended = (
        Session.objects.filter(user_id=user.id)
        .exclude(session_key=stored_key("" if closes_account else but))
        .delete()[0]
    )
    OneTimeCode.objects.filter(user=user).delete()
    Factor.objects.filter(user=user, kind=Factor.Kind.SMS).delete()
    user.phone_confirmed_at = None
    if closes_account:
        user.deactivated_at, user.deactivated_why = clock.now(), User.Closed.LOST_PHONE
    user.save(update_fields=["phone_confirmed_at", "deactivated_at", "deactivated_why"])
    log.note(user, closed=closes_account, sessions=ended, taken=taken)
    tell_owner(
        user,
        _("Телефон отмечен потерянным"),
        _("Все входы завершены, коды на этот телефон больше не приходят. Если это были не вы, напишите в поддержку."),
    )


def _keep_protected(user: User) -> None:
    if not can_do_without_phone(user):
        raise OnlyThePhone(_("Кроме телефона, вас ничто не подтверждает. Закройте запись: её вернёт поддержка."))
    if not Factor.objects.ready().filter(user=user).exclude(kind=Factor.Kind.SMS).exists():
        Factor.objects.update_or_create(user=user, kind=Factor.Kind.EMAIL, defaults={"confirmed_at": clock.now()})
