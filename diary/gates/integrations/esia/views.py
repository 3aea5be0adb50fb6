"""The doors of ESIA: out to the portal, and back with a code or with an error."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from diary.foundation.access.doors import ActorRequest, public
from diary.foundation.core.errors import Refusal
from diary.gates.integrations import attempts
from diary.gates.integrations.esia.client import EsiaClient
from diary.gates.integrations.esia.configuration import EsiaConfiguration, configuration
from diary.gates.integrations.esia.errors import UNCONFIRMED, EsiaRefusal, refusal_of
from diary.gates.integrations.esia.person import EsiaPerson, vouched_child
from diary.gates.integrations.identities.arriving import arrive
from diary.gates.integrations.identities.pages import not_entered
from diary.gates.integrations.identities.vouching import Vouched

PROVIDER = "esia"


@public("entry through the state portal begins here")
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """To ESIA, with a signed request. The link keeps no form: a form may not lead to another site (CSP)."""
    ours = _ours()
    state = attempts.begin(request, PROVIDER)
    return HttpResponseRedirect(EsiaClient(ours).authorization_url(state, _address(request)))


@public("the state portal sends people back here; the state says whose browser it is")
@never_cache
@require_GET
def come_back(request: ActorRequest) -> HttpResponse:
    """In, to a first entry, or to the sentence that says why not."""
    ours = _ours()
    try:
        attempt = attempts.finish(request, PROVIDER, request.GET.get("state", ""))
        person = _person(request, EsiaClient(ours))
        return arrive(request, _vouched(person), attempt.next)
    except Refusal as refusal:
        return not_entered(request, PROVIDER, refusal)


def _person(request: HttpRequest, client: EsiaClient) -> EsiaPerson:
    """The confirmed person behind this return. Raises EsiaRefusal."""
    if "error" in request.GET or "code" not in request.GET:
        raise refusal_of(request.GET.get("error", ""), request.GET.get("error_description", ""))
    token = client.exchange(request.GET["code"], _address(request))
    if not token.subject.is_trusted:
        raise EsiaRefusal(UNCONFIRMED)
    return client.person(token)


def _vouched(person: EsiaPerson) -> Vouched:
    return Vouched(
        provider=PROVIDER,
        subject=str(person.oid),
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        phone=person.phone,
        email=person.email,
        children=tuple(vouched_child(child) for child in person.children),
    )


def _ours() -> EsiaConfiguration:
    ours = configuration()
    if ours is None:
        raise Http404
    return ours


def _address(request: HttpRequest) -> str:
    """The address of return as it is registered at the portal."""
    return request.build_absolute_uri(reverse("esia:return"))
