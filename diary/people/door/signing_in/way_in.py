"""Which question comes next on the way in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from diary.people.accounts.models import User
from diary.people.door.codes import waiting_code
from diary.people.door.factors.proving import FACTOR_CODE, MESSAGES, WrongFactor, send_factor_code, ways_of
from diary.people.door.guarding.limits import TooMany
from diary.people.door.signing_in.entering import Entering, come_in, has_ready_factor


def advance(request: HttpRequest, entering: Entering) -> HttpResponse:
    """The next question on the way in, or in. Every door ends here: the password page, the link from another portal."""
    if not entering.factor and has_ready_factor(entering.user):
        ways = ways_of(entering.user)
        is_waiting = waiting_code(request.session.session_key or "", FACTOR_CODE) is not None
        if ways and ways[0].kind in MESSAGES and not is_waiting:
            _try_to_send(request, entering.user, ways[0].kind)
        return redirect("door:sign_in_factor")
    if entering.user.phone_confirmed_at is None:
        return redirect("door:sign_in_phone")
    come_in(request, entering)
    return HttpResponseRedirect(entering.next)


def _try_to_send(request: HttpRequest, user: User, kind: str) -> None:
    """Where it is too soon, the page of the factor says when a code may be asked for."""
    try:
        send_factor_code(request, user, kind)
    except (TooMany, WrongFactor):
        return
