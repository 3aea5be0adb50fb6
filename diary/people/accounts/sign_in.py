"""Simple sign-in by login and password; the session's user comes with the roles in one statement."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from diary.people.accounts.models import User


class LoginBackend:
    """Django's authentication protocol over our users."""

    def authenticate(self, request: HttpRequest | None, login: str, password: str) -> User | None:
        """The user, or None. An unknown login costs the same time as a wrong password."""
        user = User.objects.filter(login__iexact=login).first() if "\0" not in login else None
        if user is None:
            make_password(password)
            return None

        def upgrade(raw: str) -> None:
            user.set_password(raw)
            user.save(update_fields=["password"])

        if check_password(password, user.password, setter=upgrade) and user.is_active:
            return user
        return None

    def get_user(self, user_id: Any) -> User | None:
        """The session's user with roles; None when gone or switched off."""
        return User.objects.with_roles().filter(id=user_id, is_active=True).first()
