"""What a newcomer chooses."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.people.accounts.rules.formats import LOGIN_LENGTH
from diary.people.door.guarding.passwords import login_problems


class NewAccountForm(forms.Form):
    """The login of a new account (A1)."""

    login = forms.CharField(label=_("Логин"), max_length=LOGIN_LENGTH, strip=True)

    def clean_login(self) -> str:
        """The rules of A1."""
        login = str(self.cleaned_data["login"])
        if problems := login_problems(login):
            raise forms.ValidationError(problems)
        return login
