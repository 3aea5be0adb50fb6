"""«Контактные данные»: phone and mailbox become one's own by a code sent there (A12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diary.desks.settings.forms import AddressForm, EmailForm, PhoneForm
from diary.desks.settings.policies import ACCOUNT_OWN, ACCOUNT_PROTECT
from diary.desks.settings.rules import is_recheck_due, shown_phone
from diary.desks.settings.views._pages import asker, back_to, code_of, own_page, person, proved_lately, session_key
from diary.foundation.access.doors import ActorRequest, page
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Refusal
from diary.foundation.post.channels import channel_for
from diary.people.accounts.models import User
from diary.people.door.actions import (
    EMAIL_CODE,
    PHONE_CODE,
    confirm_contacts,
    confirm_email,
    confirm_phone,
    remove_email,
    set_address,
)
from diary.people.door.codes import CODES_TO_NEW_ADDRESSES, send_code, use_code


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that a code confirms."""

    kind: str  # of the message
    purpose: str
    form: type[forms.Form]
    confirm: Callable[..., None]
    present: Callable[[User], str]  # the confirmed address, as the form types it
    template: str
    done: str | Promise


PHONE = Contact(
    "sms",
    PHONE_CODE,
    PhoneForm,
    confirm_phone,
    lambda user: user.phone if user.phone_confirmed_at else "",
    "settings/phone.html",
    _("Телефон подтверждён."),
)
EMAIL = Contact(
    "email",
    EMAIL_CODE,
    EmailForm,
    confirm_email,
    lambda user: user.email if user.email_confirmed_at else "",
    "settings/email.html",
    _("Электронная почта подтверждена."),
)


@page(ACCOUNT_OWN)
@proved_lately
@never_cache
@require_safe
def contacts(request: ActorRequest) -> HttpResponse:
    """What is known, and when the person has looked at it."""
    user = person(request)
    is_due = is_recheck_due(clock.now(), user.contacts_checked_at, user.created_at)
    return own_page(request, "settings/contacts.html", {"is_due": is_due, "phone": shown_phone(user.phone)})


@page(ACCOUNT_OWN)
@require_POST
def all_right(request: ActorRequest) -> HttpResponse:
    """«Всё верно»: asked again in half a year."""
    confirm_contacts(request.actor, person(request))
    messages.success(request, _t("Спасибо. Напомним через полгода."))
    return back_to(request, "settings:contacts")


@page(ACCOUNT_PROTECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: ActorRequest) -> HttpResponse:
    """Another phone, or the present one confirmed."""
    return _change(request, PHONE)


@page(ACCOUNT_PROTECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: ActorRequest) -> HttpResponse:
    """Another mailbox, or the present one confirmed."""
    return _change(request, EMAIL)


@page(ACCOUNT_PROTECT)
@require_POST
def forget_email(request: ActorRequest) -> HttpResponse:
    """The mailbox goes, and codes by e-mail with it."""
    remove_email(request.actor, person(request))
    messages.success(request, _t("Электронная почта удалена."))
    return HttpResponseRedirect(reverse("settings:contacts"))


@page(ACCOUNT_PROTECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: ActorRequest) -> HttpResponse:
    """Where the person lives. No code can be sent there: the fresh second factor of this door stands for it."""
    user = person(request)
    form = AddressForm(request.POST if request.method == "POST" else {"address": user.address})
    if request.method == "POST" and form.is_valid():
        set_address(request.actor, user, address=form.cleaned_data["address"])
        messages.success(request, _t("Адрес сохранён."))
        return HttpResponseRedirect(reverse("settings:contacts"))
    return own_page(request, "settings/address.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _change(request: ActorRequest, contact: Contact) -> HttpResponse:
    """Ask for the address, send a code there, take it. A refusal is said on the page: wrong codes stay counted."""
    user = person(request)
    form = contact.form(request.POST if "address" in request.POST else None)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            if answer := _step(request, user, contact, form):
                return answer
        except Refusal as raised:
            refusal = raised
    code = None if "address" in request.POST or "other" in request.GET else code_of(request, contact.purpose)
    context = {
        "form": form,
        "code": code,
        "sent_to": shown_phone(code.address) if code else "",
        "can_send": channel_for(contact.kind) is not None,
    }
    status = 422 if request.method == "POST" else 200
    return own_page(request, contact.template, context, refusal=refusal, code=code, status=status)


def _step(request: ActorRequest, user: User, contact: Contact, form: forms.Form) -> HttpResponse | None:
    """Do what was sent; None where the page has to be shown again."""
    if "code" in request.POST:
        code = use_code(session_key(request), contact.purpose, request.POST["code"])
        contact.confirm(request.actor, user, code=code)
        messages.success(request, str(contact.done))
        return HttpResponseRedirect(reverse("settings:contacts"))
    waiting = code_of(request, contact.purpose)
    if "again" in request.POST and waiting is not None:
        wanted = waiting.address
    elif form.is_valid():
        wanted = form.cleaned_data["address"]
    else:
        return None
    if wanted.lower() == contact.present(user).lower():
        raise BadInput(_t("Этот адрес уже ваш и подтверждён. Введите другой."))
    CODES_TO_NEW_ADDRESSES.must_take(user.number)
    text = _t("Код подтверждения для дневника: %(code)s. Никому его не говорите.")
    asks = replace(asker(request), typed=f"{user.number} {wanted}")
    send_code(asks, contact.purpose, contact.kind, wanted, user=user, text=text)
    return HttpResponseRedirect(request.path)
