"""What is typed at the door, turned into values; each broken rule of A1–A3 is named."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.people.accounts.rules.formats import LOGIN_LENGTH, phone_of, read_number
from diary.people.door.guarding.passwords import login_problems, name_problems, password_problems, phone_problems

NAME_LENGTH = 100
PASSWORD_FIELD = {"max_length": 200, "strip": False}


class SignInForm(forms.Form):
    """Login and password as typed."""

    login = forms.CharField(label=_("Логин"), max_length=LOGIN_LENGTH, strip=True)
    password = forms.CharField(label=_("Пароль"), **PASSWORD_FIELD)  # type: ignore[arg-type]

    def clean_login(self) -> str:
        """The rules of A1, so that a wrong keyboard layout is told at once."""
        login = str(self.cleaned_data["login"])
        if problems := login_problems(login):
            raise forms.ValidationError(problems)
        return login


class PhoneForm(forms.Form):
    """A phone as ten digits; gives E.164."""

    phone = forms.CharField(label=_("Мобильный телефон"), max_length=40, strip=False)

    def clean_phone(self) -> str:
        """The rules of A3."""
        typed = str(self.cleaned_data["phone"])
        if problems := phone_problems(typed):
            raise forms.ValidationError(problems)
        return phone_of(typed)


class NewPasswordForm(forms.Form):
    """A password typed twice. `login` is whose it will be."""

    password = forms.CharField(label=_("Новый пароль"), **PASSWORD_FIELD)  # type: ignore[arg-type]
    again = forms.CharField(label=_("Пароль ещё раз"), **PASSWORD_FIELD)  # type: ignore[arg-type]

    def __init__(self, *args: Any, login: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._login = login

    def clean(self) -> dict[str, Any]:
        """The rules of A2, and that both are one."""
        values = super().clean() or {}
        password, again = values.get("password", ""), values.get("again", "")
        if password and (problems := password_problems(password, values.get("login") or self._login)):
            self.add_error("password", forms.ValidationError(problems))
        if password and again and password != again:
            self.add_error("again", _("Пароли не совпали. Введите ещё раз."))
        return values


class NameField(forms.CharField):
    """A part of a person's name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=NAME_LENGTH, **kwargs)

    def validate(self, value: Any) -> None:
        """Letters, and what stands between them."""
        super().validate(value)
        if value and (problems := name_problems(value)):
            raise forms.ValidationError(problems)


class SignUpForm(NewPasswordForm, PhoneForm, SignInForm):
    """A new account."""

    field_order = ("last_name", "first_name", "middle_name", "login", "password", "again", "phone")
    last_name = NameField(label=_("Фамилия"))
    first_name = NameField(label=_("Имя"))
    middle_name = NameField(label=_("Отчество"), required=False)


class RecoveryForm(forms.Form):
    """Who has lost the way in: login or account number, last name, and where a code may go."""

    who = forms.CharField(label=_("Логин или номер учётной записи"), max_length=LOGIN_LENGTH)
    last_name = forms.CharField(label=_("Фамилия"), max_length=NAME_LENGTH)
    kind = forms.ChoiceField(label=_("Куда отправить код"), choices=[("sms", "SMS"), ("email", "e-mail")])


class FindForm(forms.Form):
    """An account number, with or without spaces."""

    number = forms.CharField(label=_("Номер учётной записи"), max_length=40)

    def clean_number(self) -> str:
        """Digits alone."""
        return read_number(self.cleaned_data["number"])


class ReasonForm(forms.Form):
    """How support has made sure who is calling."""

    reason = forms.CharField(label=_("Как вы убедились, что это владелец"), max_length=500)
