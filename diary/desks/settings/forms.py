"""What is typed on these pages, turned into values; each broken rule of A2 and A3 is named."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.people.accounts.rules.formats import phone_of
from diary.people.door.guarding.passwords import password_problems, phone_problems

FACTOR_NAME = 60
ADDRESS = 500
PASSWORD = 200


class PhoneForm(forms.Form):
    """A phone as ten digits; gives E.164."""

    address = forms.CharField(label=_("Мобильный телефон"), max_length=40, strip=False)

    def clean_address(self) -> str:
        """The rules of A3."""
        typed = str(self.cleaned_data["address"])
        if problems := phone_problems(typed):
            raise forms.ValidationError(problems)
        return phone_of(typed)


class EmailForm(forms.Form):
    """A mailbox."""

    address = forms.EmailField(
        label=_("Электронная почта"),
        max_length=254,
        error_messages={"invalid": _("Так адрес почты не пишется. Пример: ivanova@example.ru.")},
    )


class CurrentPasswordForm(forms.Form):
    """The password that is in use now."""

    current = forms.CharField(label=_("Текущий пароль"), max_length=PASSWORD, strip=False)


class NewPasswordForm(forms.Form):
    """The code and the new password, typed twice. `login` is whose it will be."""

    code = forms.CharField(label=_("Код"), max_length=20)
    password = forms.CharField(label=_("Новый пароль"), max_length=PASSWORD, strip=False)
    again = forms.CharField(label=_("Новый пароль ещё раз"), max_length=PASSWORD, strip=False)

    def __init__(self, *args: Any, login: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._login = login

    def clean(self) -> dict[str, Any]:
        """The rules of A2, and that both are one."""
        values = super().clean() or {}
        password, again = values.get("password", ""), values.get("again", "")
        if password and (problems := password_problems(password, self._login)):
            self.add_error("password", forms.ValidationError(problems))
        if password and again and password != again:
            self.add_error("again", _("Пароли не совпали. Введите ещё раз."))
        return values


class AddressForm(forms.Form):
    """Where the person lives; empty takes it away."""

    address = forms.CharField(label=_("Почтовый адрес"), max_length=ADDRESS, required=False)


class FactorNameForm(forms.Form):
    """What its owner calls a factor; empty is allowed."""

    name = forms.CharField(max_length=FACTOR_NAME, required=False)
