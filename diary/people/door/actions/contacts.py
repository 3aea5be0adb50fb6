"""Contact data and the service switch (A3, A11, A12): a phone or mailbox becomes one's own by a code sent there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.post.jobs import send_later
from diary.people.accounts.models import User
from diary.people.accounts.policies import is_self
from diary.people.door.actions._proofs import must_prove
from diary.people.door.actions.factors import LastFactor
from diary.people.door.models import Factor, OneTimeCode

PHONE_CODE, EMAIL_CODE = "phone", "email"


@action(check=is_self)
def confirm_phone(actor: Actor, user: User, *, code: OneTimeCode) -> None:
    """The phone that `code` (PHONE_CODE) was sent to becomes the person's; the old one hears of it."""
    must_prove(code, user, PHONE_CODE)
    old, is_new = user.phone, user.phone != code.address
    user.phone, user.phone_confirmed_at = code.address, clock.now()
    user.contacts_checked_at = clock.now()
    user.save(update_fields=["phone", "phone_index", "phone_confirmed_at", "contacts_checked_at"])
    log.note(user, changed=is_new)
    if old and is_new:
        send_later("sms", old, _("Телефон в дневнике заменён на другой. Если это были не вы, напишите в поддержку."))


@action(check=is_self)
def confirm_email(actor: Actor, user: User, *, code: OneTimeCode) -> None:
    """The address that `code` (EMAIL_CODE) was sent to becomes the person's; the old one hears of it."""
    must_prove(code, user, EMAIL_CODE)
    old, is_new = user.email, user.email.lower() != code.address.lower()
    user.email, user.email_confirmed_at = code.address, clock.now()
    user.contacts_checked_at = clock.now()
    user.save(update_fields=["email", "email_index", "email_confirmed_at", "contacts_checked_at"])
    log.note(user, changed=is_new)
    if old and is_new:
        text = _("Электронная почта в дневнике заменена на другую. Если это были не вы, напишите в поддержку.")
        send_later("email", old, text, subject=_("Почта заменена"))


@action(check=is_self)
def remove_email(actor: Actor, user: User) -> None:
    """The account has no mailbox any more, and no factor that speaks to it."""
    others = Factor.objects.ready().filter(user=user).exclude(kind=Factor.Kind.EMAIL)
    if actor.is_staff and not others.exists():
        raise LastFactor(_("Сотруднику нужен второй шаг входа. Сначала добавьте другой, потом удалите этот."))
    old = user.email
    user.email, user.email_confirmed_at = "", None
    user.save(update_fields=["email", "email_index", "email_confirmed_at"])
    Factor.objects.filter(user=user, kind=Factor.Kind.EMAIL).delete()
    if old:
        text = _("Электронная почта удалена из дневника. Если это были не вы, напишите в поддержку.")
        send_later("email", old, text, subject=_("Почта удалена"))


@action(check=is_self)
def set_address(actor: Actor, user: User, *, address: str) -> None:
    """Where the person lives, as they say."""
    user.address, user.contacts_checked_at = address.strip(), clock.now()
    user.save(update_fields=["address", "contacts_checked_at"])


@action(check=is_self)
def confirm_contacts(actor: Actor, user: User) -> None:
    """The person has looked: everything is still right (A12)."""
    user.contacts_checked_at = clock.now()
    user.save(update_fields=["contacts_checked_at"])


@action(check=is_self)
def switch_diary(actor: Actor, user: User, *, is_on: bool) -> None:
    """Show or hide «Электронный дневник» in the person's menu (A11)."""
    user.diary_is_on = is_on
    user.save(update_fields=["diary_is_on"])
    log.note(user, is_on=is_on)
