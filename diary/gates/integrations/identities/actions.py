"""Linking an account with a person at a provider, and taking the link away."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core.errors import Conflict
from diary.gates.integrations.identities.models import ExternalIdentity, subject_index
from diary.gates.integrations.identities.policies import is_owner
from diary.gates.integrations.identities.vouching import Vouched
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import User
from diary.people.accounts.policies import is_self


class AlreadyLinked(Conflict):
    """The account has another person of this provider, or the person another account."""


class LastWayIn(Conflict):
    """Without a password nobody could come in any more."""


@action(check=is_self)
def link_identity(actor: Actor, user: User, *, vouched: Vouched, label: str) -> ExternalIdentity:
    """From now on the person at the provider, whose name is `label`, comes in as `user`. Raises AlreadyLinked."""
    try:
        with transaction.atomic():
            index = subject_index(vouched.provider, vouched.subject)
            identity: ExternalIdentity = user.identities.create(provider=vouched.provider, subject_index=index)
    except IntegrityError:
        raise AlreadyLinked(
            _("Связь не создана: одна из этих учётных записей уже связана с другой. Сначала удалите прежнюю связь.")
        ) from None
    log.note(user, provider=vouched.provider)
    text = _("Теперь в дневник можно войти через %(label)s. Если это были не вы, удалите связь и смените пароль.")
    tell_owner(user, _("Добавлен вход через другой сервис"), text % {"label": label})
    return identity


@action(check=is_owner)
def unlink_identity(actor: Actor, identity: ExternalIdentity) -> None:
    """The person at the provider is nobody here any more. Raises LastWayIn."""
    if not identity.user.has_usable_password():
        raise LastWayIn(
            _("Связь не удалена: у вас нет пароля, и войти было бы нечем. Задайте пароль через восстановление доступа.")
        )
    identity.delete()
    log.note(identity.user, provider=identity.provider)
