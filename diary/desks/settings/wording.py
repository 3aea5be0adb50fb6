"""Kinds of factors and results of sign-ins in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diary.people.door.models import Factor, SignInRecord

Text = str | Promise
Result = SignInRecord.Result

FACTOR_TITLES: dict[str, Text] = {
    Factor.Kind.SMS: _("Код по SMS"),
    Factor.Kind.EMAIL: _("Код по почте"),
    Factor.Kind.TOTP: _("Приложение с кодами"),
    Factor.Kind.WEBAUTHN: _("Ключ доступа"),
}
FACTOR_ICONS: dict[str, str] = {Factor.Kind.SMS: "messages", Factor.Kind.EMAIL: "comment", Factor.Kind.TOTP: "clock"}
# with what somebody came in, as the journal says it
WAYS: dict[str, Text] = {
    Factor.Kind.SMS: _("код по SMS"),
    Factor.Kind.EMAIL: _("код по почте"),
    Factor.Kind.TOTP: _("код из приложения"),
    Factor.Kind.WEBAUTHN: _("ключ доступа"),
    "recovery": _("запасной код"),
}
# result → words, kind of the tag
RESULTS: dict[str, tuple[Text, str]] = {
    Result.SIGNED_IN: (_("вход"), "good"),
    Result.STEPPED_UP: (_("подтверждение"), "good"),
    Result.RECOVERED: (_("восстановление"), "warning"),
    Result.WRONG_PASSWORD: (_("неверный пароль"), "bad"),
    Result.WRONG_CODE: (_("неверный код"), "bad"),
    Result.LOCKED: (_("вход заблокирован"), "bad"),
    Result.CLOSED: (_("учётная запись закрыта"), "bad"),
}
DEVICE_KINDS: dict[str, Text] = {
    "computer": _("компьютер"),
    "phone": _("телефон"),
    "tablet": _("планшет"),
}


def device_words(name: str, kind: str) -> str:
    """«Chrome, Windows · компьютер»."""
    known = [str(part) for part in (name, DEVICE_KINDS.get(kind, "")) if part]
    return " · ".join(known) or str(_("Неизвестное устройство"))
