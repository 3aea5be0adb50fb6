"""Coming in by a provider's word: the same lockout and the same questions as after a password."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.doors import ActorRequest
from diary.foundation.audit.log import AuditNote, write_audit
from diary.foundation.core import clock
from diary.foundation.core.errors import Conflict, Refusal
from diary.gates.integrations.identities.models import ExternalIdentity, subject_index
from diary.gates.integrations.identities.queries import label_of
from diary.gates.integrations.identities.vouching import Vouched, Waiting, keep
from diary.people.accounts.models import User
from diary.people.door.guarding import guard
from diary.people.door.guarding.journal import record
from diary.people.door.guarding.limits import SIGN_UPS, place_of
from diary.people.door.models import SignInRecord
from diary.people.door.rules.lockout import Standing
from diary.people.door.sessions.browsers import prove_factor
from diary.people.door.signing_in import entering
from diary.people.door.signing_in.identity_providers import identity_providers
from diary.people.door.signing_in.registering import LoginTaken
from diary.people.door.signing_in.way_in import advance
from diary.people.roster.vouched_children import remember_children


class ShutOut(Refusal):
    """The account is locked or closed: no door opens it but recovery."""

    status = 403


class AnotherAccount(Conflict):
    """The person at the provider is somebody else here."""


def arrive(request: ActorRequest, vouched: Vouched, address: str) -> HttpResponse:
    """The browser's next page now that the provider has vouched. Raises ShutOut, AnotherAccount."""
    user = known(vouched)
    if user is None:
        keep(request, Waiting(vouched, address))
        return redirect("identities:link" if request.actor.is_authenticated else "identities:newcomer")
    if not request.actor.is_authenticated:
        return come_in(request, user, vouched, address)
    if user.id != request.actor.user_id:
        raise AnotherAccount(
            _(
                "Вы вошли как %(name)s, а в сервисе «%(label)s» выбран другой человек."
                " Выйдите из дневника и войдите снова."
            )
            % {"name": request.actor.name, "label": label_of(vouched.provider)}
        )
    remember_children(request.session, vouched.children)
    step_up(request, user, vouched)
    return HttpResponseRedirect(address or settings.LOGIN_REDIRECT_URL)


def known(vouched: Vouched) -> User | None:
    """The account of this person, if they have been here."""
    index = subject_index(vouched.provider, vouched.subject)
    found = ExternalIdentity.objects.select_related("user").filter(provider=vouched.provider, subject_index=index)
    identity = found.first()
    return identity.user if identity else None


def come_in(request: HttpRequest, user: User, vouched: Vouched, address: str) -> HttpResponse:
    """In, or to the question that is still open: the same as after a password. Raises ShutOut."""
    _must_be_open(request, user)
    begun = entering.begin(request, user, address or settings.LOGIN_REDIRECT_URL)
    remember_children(request.session, vouched.children)
    user.identities.filter(provider=vouched.provider).update(last_used_at=clock.now())
    if identity_providers.get(vouched.provider).is_factor:
        entering.remember_factor(request, begun, vouched.provider)
    return advance(request, begun)


def step_up(request: HttpRequest, user: User, vouched: Vouched) -> None:
    """The person is in already and has shown again who they are."""
    if identity_providers.get(vouched.provider).is_factor:
        request.session.cycle_key()
        prove_factor(request.session)
    record(user, entering.visit_of(request), SignInRecord.Result.STEPPED_UP, factor=vouched.provider)


def make_account(request: HttpRequest, vouched: Vouched, login: str) -> User:
    """A new account without a password, linked with the person. Raises LoginTaken, limits.TooMany."""
    visit = entering.visit_of(request)
    SIGN_UPS.must_take(place_of(visit.ip))
    now = clock.now()
    user = User(
        login=login,
        last_name=vouched.last_name,
        first_name=vouched.first_name,
        middle_name=vouched.middle_name,
        phone=vouched.phone,
        phone_confirmed_at=now if vouched.phone else None,
        email=vouched.email,
        email_confirmed_at=now if vouched.email else None,
        contacts_checked_at=now,
    )
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
            guard.forget(login)
            index = subject_index(vouched.provider, vouched.subject)
            user.identities.create(provider=vouched.provider, subject_index=index)
            write_audit(Actor(ip=visit.ip), "door.sign_up", user, [AuditNote({"provider": vouched.provider})])
    except IntegrityError:
        raise LoginTaken(_("Логин «%(login)s» уже занят. Придумайте другой.") % {"login": login}) from None
    return user


def _must_be_open(request: HttpRequest, user: User) -> None:
    visit = entering.visit_of(request)
    if guard.standing_of(user) is not Standing.OPEN:
        record(user, visit, SignInRecord.Result.LOCKED)
        raise ShutOut(
            _(
                "Вход в дневник закрыт: пароль пять раз подряд ввели неверно. Восстановите доступ"
                " по телефону или почте, после этого вход через другие сервисы снова заработает."
            )
        )
    if not user.may_sign_in:
        record(user, visit, SignInRecord.Result.CLOSED)
        raise ShutOut(
            _("Учётная запись в дневнике отключена. Восстановите доступ или напишите в поддержку: номер %(number)s.")
            % {"number": user.shown_number}
        )
