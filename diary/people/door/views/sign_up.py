"""A new account (A1–A3), and what it sees while no school or child is linked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from diary.foundation.access.doors import ActorRequest, page, public
from diary.foundation.access.permissions import SIGNED_IN
from diary.foundation.core.errors import Refusal
from diary.people.accounts.models import User
from diary.people.door.forms import SignUpForm
from diary.people.door.signing_in.entering import begin, visit_of
from diary.people.door.signing_in.registering import sign_up as make_account
from diary.people.door.signing_in.way_in import advance
from diary.people.door.views._pages import door_page


@public("an account is made before anybody can sign in")
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Login, password, name, phone; the phone is confirmed next."""
    form = SignUpForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            user = make_account(form.cleaned_data, visit_of(request))
            entering = begin(request, user, reverse("door:welcome"))
            return advance(request, entering)
        except Refusal as raised:
            refusal = raised
    status = 422 if request.method == "POST" else 200
    return door_page(request, "door/sign_up.html", {"form": form}, refusal=refusal, status=status)


@page(SIGNED_IN)
@require_safe
def welcome(request: ActorRequest) -> HttpResponse:
    """What to do next: an account without a role opens nothing yet."""
    assert isinstance(request.user, User)
    return render(request, "door/welcome.html", {"person": request.user})
