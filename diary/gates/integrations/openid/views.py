"""The doors of a provider of OpenID Connect: out to it, and back with a code or with an error."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from diary.foundation.access.doors import ActorRequest, public
from diary.foundation.core.errors import Refusal
from diary.gates.integrations import attempts
from diary.gates.integrations.identities.arriving import arrive
from diary.gates.integrations.identities.pages import not_entered
from diary.gates.integrations.identities.vouching import Vouched
from diary.gates.integrations.openid.client import OpenIdClient, OpenIdPerson, new_secrets
from diary.gates.integrations.openid.configuration import OpenIdConfiguration, configuration
from diary.gates.integrations.openid.errors import refusal_of

PROVIDER = "openid"


@public("entry through a provider of OpenID Connect begins here")
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """To the provider. The link keeps no form: a form may not lead to another site (CSP)."""
    ours = _ours()
    secrets = new_secrets()
    state = attempts.begin(request, PROVIDER, **secrets)
    try:
        return HttpResponseRedirect(OpenIdClient(ours).authorization_url(state, _address(request), secrets))
    except Refusal as refusal:
        return not_entered(request, PROVIDER, refusal)


@public("the provider sends people back here; the state says whose browser it is")
@never_cache
@require_GET
def come_back(request: ActorRequest) -> HttpResponse:
    """In, to a first entry, or to the sentence that says why not."""
    ours = _ours()
    try:
        attempt = attempts.finish(request, PROVIDER, request.GET.get("state", ""))
        if "error" in request.GET or "code" not in request.GET:
            raise refusal_of(ours.name, request.GET.get("error", ""))
        person = OpenIdClient(ours).person(request.GET["code"], _address(request), attempt.secrets)
        return arrive(request, _vouched(ours, person), attempt.next)
    except Refusal as refusal:
        return not_entered(request, PROVIDER, refusal)


def _vouched(ours: OpenIdConfiguration, person: OpenIdPerson) -> Vouched:
    """A subject is unique within its issuer only."""
    return Vouched(
        provider=PROVIDER,
        subject=f"{ours.issuer} {person.subject}",
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        phone=person.phone,
        email=person.email,
    )


def _ours() -> OpenIdConfiguration:
    ours = configuration()
    if ours is None:
        raise Http404
    return ours


def _address(request: HttpRequest) -> str:
    """The address of return as it is registered at the provider."""
    return request.build_absolute_uri(reverse("openid:return"))
