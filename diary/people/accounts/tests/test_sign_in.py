"""The backend: who gets a user back."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import override_settings

from diary.people.accounts.models import User
from diary.people.accounts.sign_in import LoginBackend
from tests.people import PASSWORD, Cast

ARGON = "django.contrib.auth.hashers.Argon2PasswordHasher"
MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.mark.parametrize("login", ["anna", "ANNA", "Anna"])
def test_right_pair_gives_the_user(cast: Cast, login: str) -> None:
    found = LoginBackend().authenticate(None, login, PASSWORD)
    assert found == cast.users["anna"]


@pytest.mark.parametrize(
    ("login", "password"),
    [("anna", ""), ("anna", "x"), ("nobody", PASSWORD), ("a\0nna", PASSWORD), ("ann_", PASSWORD), ("%", PASSWORD)],
)
def test_wrong_pair_gives_nobody(cast: Cast, login: str, password: str) -> None:
    assert LoginBackend().authenticate(None, login, password) is None


def test_unknown_login_costs_a_hash_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the answer does not tell which logins exist."""
    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        made.append(password)
        return str(encode(hasher, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for login in ("anna", "nobody", "a\0nna"):
        made.clear()
        LoginBackend().authenticate(None, login, "wrong")
        assert made == ["wrong"], login


def test_password_hashed_in_an_old_way_is_hashed_anew_at_sign_in(cast: Cast) -> None:
    with override_settings(PASSWORD_HASHERS=[ARGON, MD5]):
        assert LoginBackend().authenticate(None, "anna", PASSWORD) is not None
    assert User.objects.get(login="anna").password.startswith("argon2")


def test_switched_off_or_missing_user_is_nobody(cast: Cast) -> None:
    backend = LoginBackend()
    assert backend.get_user(cast.users["anna"].id) == cast.users["anna"]
    User.objects.filter(login="anna").update(is_active=False)
    assert backend.get_user(cast.users["anna"].id) is None
    assert backend.authenticate(None, "anna", PASSWORD) is None
    assert backend.get_user(0) is None
