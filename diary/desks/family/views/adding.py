"""«Добавить ребёнка»: the seven steps of A10 on one page, which keeps what was typed whatever happens."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from diary.desks.family.forms import ChildForm
from diary.desks.family.policies import CHILD_ADD, FAMILY_READ
from diary.desks.family.rules import is_proved
from diary.desks.family.wording import outcome_sentence
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Refusal
from diary.foundation.post.channels import channel_for
from diary.people.accounts.models import User
from diary.people.door.codes import Asker, seconds_to_resend, send_code, use_code, waiting_code
from diary.people.door.guarding.limits import Limit, place_of
from diary.people.roster.actions import Answer, ask_for_child
from diary.people.roster.policies import can_ask_for_child
from diary.people.roster.vouched_children import remembered_children
from diary.people.schools.models import School

CHILD_CODE = "child"
PROVED_AT = "child_phone_at"
# wrong data is a guess at somebody's document: ten, then one an hour; a school's address has many parents behind it
GUESSES_OF_ACCOUNT = Limit("children of an account", most=10, seconds=3600)
GUESSES_OF_PLACE = Limit("children from an address", most=60, seconds=120)


class NoPhone(BadInput):
    """The code goes to a phone that the person has confirmed."""


@page(FAMILY_READ, writes=CHILD_ADD)
@never_cache
@sensitive_post_parameters("series", "number", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def add_child(request: ActorRequest) -> HttpResponse:
    """The form; `do` says which button: «find» looks for schools, «code» sends the SMS, «save» asks the school.

    Refusals are shown, not raised: an exception would take the counted tries back with the page's transaction.
    """
    if not can_ask_for_child(request.actor):
        raise PermissionDenied
    done = request.POST.get("do", "")
    if request.method != "POST":
        return _answer(request, ChildForm(initial=_chosen(request)))
    if done == "find":
        return _answer(request, _unchecked(request))
    form = ChildForm(request.POST)
    if not form.is_valid():
        return _answer(request, form, status=422)
    try:
        if done == "code":
            _send_code(request)
            return _answer(request, form)
        _must_prove_phone(request)
        answer = _ask(request, form)
    except Refusal as refusal:
        return _answer(request, form, problem=refusal.sentence, status=refusal.status)
    sentence = outcome_sentence(answer, _school(form).short_name)
    if not answer.is_done:
        return _answer(request, form, problem=sentence, status=422)
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("family:list"))


def _ask(request: ActorRequest, form: ChildForm) -> Answer:
    """Ask; what was right is no guess and gives its try back."""
    user, place = _user(request), place_of(request.actor.ip)
    GUESSES_OF_PLACE.must_take(place)
    GUESSES_OF_ACCOUNT.must_take(user.number)
    answer: Answer = ask_for_child(
        request.actor, _school(form), given=form.given(), relation=form.cleaned_data["relation"]
    )
    if answer.student is not None:
        GUESSES_OF_PLACE.give_back(place)
        GUESSES_OF_ACCOUNT.give_back(user.number)
    return answer


def _send_code(request: ActorRequest) -> None:
    user = _user(request)
    if user.phone_confirmed_at is None:
        raise NoPhone(_("Сначала подтвердите телефон: код приходит на него."))
    asker = Asker(request.session.session_key or "", request.actor.ip, is_known=True)
    text = _("Код, чтобы добавить ребёнка: %(code)s. Никому его не говорите.")
    send_code(asker, CHILD_CODE, "sms", user.phone, user=user, text=text)


def _must_prove_phone(request: ActorRequest) -> None:
    """The code of the SMS; once it was right it is not asked again for a quarter of an hour."""
    if not is_proved(request.session.get(PROVED_AT, ""), clock.now()):
        use_code(request.session.session_key or "", CHILD_CODE, request.POST.get("code", ""))
        request.session[PROVED_AT] = clock.now().isoformat()


def _chosen(request: ActorRequest) -> dict[str, Any]:
    """The child of the pressed link, as the provider knows it."""
    children, place = remembered_children(request.session), request.GET.get("child", "")
    is_place = place.isascii() and place.isdecimal() and int(place[:3]) < len(children)
    return asdict(children[int(place[:3])]) if is_place else {}


def _unchecked(request: ActorRequest) -> ChildForm:
    """What was typed, with nothing said about it yet."""
    return ChildForm(initial=request.POST.dict() | {"school": request.POST.get("school", "")})


def _school(form: ChildForm) -> School:
    return cast(School, form.cleaned_data["chosen"])


def _user(request: ActorRequest) -> User:
    return cast(User, request.user)


def _answer(request: ActorRequest, form: ChildForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    user = _user(request)
    code = waiting_code(request.session.session_key or "", CHILD_CODE)
    context: dict[str, Any] = {
        "form": form,
        "problem": problem,
        "children": remembered_children(request.session),
        "phone": user.masked_phone,
        "has_phone": user.phone_confirmed_at is not None,
        "has_sms": channel_for("sms") is not None,
        "is_proved": is_proved(request.session.get(PROVED_AT, ""), clock.now()),
        "is_sent": code is not None,
        "resend_in": seconds_to_resend(code),
        "outbox_url": reverse("post:outbox") if settings.MESSAGE_OUTBOX else "",
    }
    return render(request, "family/add.html", context, status=status)
