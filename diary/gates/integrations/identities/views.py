"""Where those go who come from a provider: in, to a new account, or to linking the one they have."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diary.foundation.access.doors import ActorRequest, has_factor, page, public, to_second_factor
from diary.foundation.core.errors import BadInput, Refusal
from diary.gates.integrations.attempts import AttemptLost
from diary.gates.integrations.identities.actions import link_identity, unlink_identity
from diary.gates.integrations.identities.arriving import come_in, make_account
from diary.gates.integrations.identities.forms import NewAccountForm
from diary.gates.integrations.identities.models import ExternalIdentity
from diary.gates.integrations.identities.policies import IDENTITY_UNLINK
from diary.gates.integrations.identities.queries import free_login, label_of
from diary.gates.integrations.identities.vouching import Vouched, Waiting, forget, waiting_in
from diary.people.accounts.models import User
from diary.people.door.policies import ACCOUNT_OWN
from diary.people.door.signing_in.entering import has_ready_factor, visit_of
from diary.people.door.signing_in.identity_providers import identity_providers, providers_on
from diary.people.door.signing_in.password import check_password
from diary.people.door.signing_in.registering import LoginTaken
from diary.people.roster.vouched_children import remember_children


class WrongPassword(BadInput):
    """The present password does not fit."""


@public("whom a provider vouches for may make an account here")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newcomer(request: HttpRequest) -> HttpResponse:
    """First entry: link the account one has, or make one. The login stays typed."""
    waiting = _waiting(request)
    vouched = waiting.vouched
    status = 200
    form = NewAccountForm(request.POST or None, initial={"login": free_login(vouched.last_name, vouched.first_name)})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = make_account(request, vouched, form.cleaned_data["login"])
                return come_in(request, user, vouched, waiting.next or reverse("door:welcome"))
            except LoginTaken as taken:
                form.add_error("login", taken.sentence)
    context = {"form": form, "vouched": vouched, "provider": identity_providers.get(vouched.provider)}
    return render(request, "identities/newcomer.html", context, status=status)


@page(ACCOUNT_OWN)
@never_cache
@require_safe
def go_on(request: ActorRequest, provider: str) -> HttpResponse:
    """A step between the sign-in form and the provider: a form may not lead to another site (CSP), a link may."""
    found = next((one for one in providers_on() if one.key == provider), None)
    if found is None:
        raise Http404
    return render(request, "identities/go_on.html", {"provider": found})


@page(ACCOUNT_OWN)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: ActorRequest) -> HttpResponse:
    """Link the account of this session with the person who has just come from the provider.

    A session may be stolen: who has a second factor proves it first, who has none gives the password here.
    """
    waiting = _waiting(request)
    user = request.user
    assert isinstance(user, User)
    is_proved = has_factor(request.actor, fresh=True)
    if not is_proved and (has_ready_factor(user) or not user.has_usable_password()):
        return to_second_factor(request)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            if not is_proved:
                _must_be_password(request, user)
            return _linked(request, user, waiting)
        except Refusal as raised:  # said on the page and not raised: a wrong password must stay counted
            refusal = raised
    return _link_page(request, user, waiting.vouched, refusal, asks_password=not is_proved)


@page(IDENTITY_UNLINK)
@require_POST
def unlink(request: ActorRequest, identity_id: uuid.UUID) -> HttpResponse:
    """The provider opens this account no more."""
    own = ExternalIdentity.objects.visible_to(request.actor)
    identity = get_object_or_404(own.select_related("user"), id=identity_id)
    unlink_identity(request.actor, identity)
    messages.success(request, _("Вход через %(label)s удалён.") % {"label": label_of(identity.provider)})
    return HttpResponseRedirect(reverse("settings:security"))


def _must_be_password(request: ActorRequest, user: User) -> None:
    if check_password(user.login, request.POST.get("password", ""), visit_of(request)).user is None:
        raise WrongPassword(_("Пароль не подошёл. Проверьте раскладку клавиатуры и введите ещё раз."))


def _linked(request: ActorRequest, user: User, waiting: Waiting) -> HttpResponse:
    label = label_of(waiting.vouched.provider)
    with transaction.atomic():  # a refusal is said on the page, which goes on
        link_identity(request.actor, user, vouched=waiting.vouched, label=label)
    forget(request)
    remember_children(request.session, waiting.vouched.children)
    messages.success(request, _("Готово: теперь можно входить через %(label)s.") % {"label": label})
    return HttpResponseRedirect(waiting.next or reverse("settings:security"))


def _link_page(
    request: ActorRequest, user: User, vouched: Vouched, refusal: Refusal | None, *, asks_password: bool
) -> HttpResponse:
    context = {
        "vouched": vouched,
        "account": user,
        "label": label_of(vouched.provider),
        "is_namesake": _name(user.last_name, user.first_name) == _name(vouched.last_name, vouched.first_name),
        "asks_password": asks_password,
        "problem": refusal.sentence if refusal else "",
    }
    return render(request, "identities/link.html", context, status=refusal.status if refusal else 200)


def _waiting(request: HttpRequest) -> Waiting:
    waiting = waiting_in(request)
    if waiting is None:
        raise AttemptLost
    return waiting


def _name(last_name: str, first_name: str) -> str:
    return f"{last_name} {first_name}".lower().replace("ё", "е")
