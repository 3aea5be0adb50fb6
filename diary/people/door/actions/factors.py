"""Second factors of a person: adding, naming, removing (A5, A14)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Conflict
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import User
from diary.people.accounts.policies import is_self
from diary.people.door.factors.paper_codes import new_codes
from diary.people.door.factors.passkeys import credential_index
from diary.people.door.factors.totp import new_secret, take_code
from diary.people.door.models import Factor, RecoveryCode
from diary.people.door.policies import is_owner

PASSKEYS_AT_MOST = 10


class NotConfirmed(BadInput):
    """The phone or mailbox must be confirmed first, or the typed code does not fit."""


class LastFactor(Conflict):
    """Staff keep at least one."""


@action(check=is_self)
def add_message_factor(actor: Actor, user: User, *, kind: str) -> Factor:
    """Codes by SMS or e-mail to the confirmed phone or mailbox."""
    confirmed_at = user.phone_confirmed_at if kind == Factor.Kind.SMS else user.email_confirmed_at
    if confirmed_at is None:
        raise NotConfirmed(_("Сначала подтвердите телефон или почту: второй шаг входа будет приходить туда."))
    factor, is_new = Factor.objects.get_or_create(user=user, kind=kind, defaults={"confirmed_at": clock.now()})
    log.note(user, kind=kind)
    if is_new:
        _tell(user)
    return factor


@action(check=is_self)
def begin_totp(actor: Actor, user: User) -> Factor:
    """A secret for an authenticator app; it counts only when its first code has come (`confirm_totp`)."""
    Factor.objects.filter(user=user, kind=Factor.Kind.TOTP, confirmed_at=None).delete()
    return Factor.objects.create(user=user, kind=Factor.Kind.TOTP, secret=new_secret())


@action(check=is_owner)
def confirm_totp(actor: Actor, factor: Factor, *, typed: str, name: str = "") -> None:
    """The app shows the right code: from now on it is a factor. Raises NotConfirmed."""
    locked = Factor.objects.select_for_update(of=("self",)).select_related("user").get(id=factor.id)
    if locked.confirmed_at is not None or not take_code(locked, typed):
        raise NotConfirmed(_("Код не подошёл. Проверьте, что часы телефона идут верно, и введите новый код."))
    locked.confirmed_at, locked.name = clock.now(), name.strip()
    locked.save(update_fields=["confirmed_at", "name", "used_up_to"])
    log.note(locked.user, kind=locked.kind)
    _tell(locked.user)


@action(check=is_self)
def add_passkey(actor: Actor, user: User, *, credential_id: bytes, secret: str, name: str) -> Factor:
    """A passkey that the browser has just made and `passkeys.finish_registration` has checked."""
    if Factor.objects.filter(user=user, kind=Factor.Kind.WEBAUTHN).count() >= PASSKEYS_AT_MOST:
        raise Conflict(_("Ключей уже десять. Удалите ненужный и добавьте новый."))
    try:
        with transaction.atomic():
            factor = Factor.objects.create(
                user=user,
                kind=Factor.Kind.WEBAUTHN,
                name=name.strip(),
                secret=secret,
                credential_index=credential_index(credential_id),
                confirmed_at=clock.now(),
            )
    except IntegrityError:
        raise Conflict(_("Этот ключ уже добавлен.")) from None
    log.note(user, kind=factor.kind)
    _tell(user)
    return factor


@action(check=is_owner)
def rename_factor(actor: Actor, factor: Factor, *, name: str) -> None:
    """What its owner calls it."""
    factor.name = name.strip()
    factor.save(update_fields=["name"])


@action(check=is_owner)
def remove_factor(actor: Actor, factor: Factor) -> None:
    """Take a factor away. Raises LastFactor for the only one of a member of staff (A5)."""
    owner = User.objects.select_for_update().get(id=factor.user_id)
    others = Factor.objects.ready().filter(user=owner).exclude(id=factor.id)
    if actor.is_staff and not others.exists():
        raise LastFactor(_("Сотруднику нужен второй шаг входа. Сначала добавьте другой, потом удалите этот."))
    factor.delete()
    if not others.exists():
        RecoveryCode.objects.filter(user=owner).delete()
    log.note(owner, kind=factor.kind)
    tell_owner(
        owner,
        _("Второй шаг входа удалён"),
        _("Один из способов подтверждения входа удалён. Если это были не вы, смените пароль."),
    )


@action(check=is_self)
def issue_recovery_codes(actor: Actor, user: User) -> list[str]:
    """Ten fresh codes, shown once and kept as hashes; the old ones die."""
    return new_codes(user)


def _tell(user: User) -> None:
    tell_owner(
        user,
        _("Добавлен второй шаг входа"),
        _("К вашей учётной записи добавлен способ подтверждения входа. Если это были не вы, смените пароль."),
    )
