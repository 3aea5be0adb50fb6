"""The sign-in form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """Login and password as typed."""

    login = forms.CharField(label=_("Логин"), max_length=64, strip=True)
    password = forms.CharField(label=_("Пароль"), max_length=200, strip=False)
