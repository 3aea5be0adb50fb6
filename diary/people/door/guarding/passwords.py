"""Rules of logins, passwords, phones and names in words, and the list of leaked passwords (A1–A3)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diary.foundation.core.errors import BadInput
from diary.people.accounts.rules.formats import (
    Broken,
    broken_login_rules,
    broken_name_rules,
    broken_password_rules,
    broken_phone_rules,
)
from diary.people.door.guarding.hashing import hash_password

WORDS: dict[Broken, str | Promise] = {
    Broken.LOGIN_SIGNS: _("В логине могут быть только латинские буквы, цифры и знак «_»."),
    Broken.LOGIN_LONG: _("Логин не длиннее 64 знаков."),
    Broken.SHORT: _("Нужно не меньше 8 знаков."),
    Broken.LONG: _("Нужно не больше 128 знаков."),
    Broken.NO_UPPER: _("Добавьте заглавную букву."),
    Broken.NO_LOWER: _("Добавьте строчную букву."),
    Broken.NO_DIGIT: _("Добавьте цифру."),
    Broken.NO_SPECIAL: _("Добавьте специальный знак, например ! # % или -."),
    Broken.SPACE: _("Уберите пробелы."),
    Broken.LIKE_LOGIN: _("Пароль не должен содержать логин."),
    Broken.COMMON: _("Этот пароль есть в списках украденных паролей. Придумайте другой."),
    Broken.PHONE_PLUS: _("Введите номер без «+» и без 8 в начале: «+7» добавится само."),
    Broken.PHONE_SPACES: _("Введите номер без пробелов."),
    Broken.PHONE_LETTERS: _("В номере могут быть только цифры."),
    Broken.PHONE_LENGTH: _("В номере должно быть 10 цифр, например 9161234567."),
    Broken.NAME_SIGNS: _("Здесь могут быть только буквы, пробел, дефис, точка и апостроф."),
}


def password_problems(password: str, login: str = "") -> list[str]:
    """A sentence for each rule of A2 that the password breaks."""
    return _in_words(broken_password_rules(password, login, _common()))


class BadPassword(BadInput):
    """The new password breaks a rule; the sentence says which."""


def hash_new_password(password: str, login: str) -> str:
    """The hash of a password that keeps the rules of A2. Raises BadPassword, hashing.Busy."""
    if problems := password_problems(password, login):
        raise BadPassword(" ".join(problems))
    return hash_password(password)


def login_problems(login: str) -> list[str]:
    """A sentence for each rule of A1 that the login breaks."""
    return _in_words(broken_login_rules(login))


def phone_problems(typed: str) -> list[str]:
    """A sentence for each rule of A3 that the phone breaks."""
    return _in_words(broken_phone_rules(typed))


def name_problems(name: str) -> list[str]:
    """A sentence for what cannot be in a name."""
    return _in_words(broken_name_rules(name))


def _in_words(broken: Sequence[Broken]) -> list[str]:
    return [str(WORDS[rule]) for rule in broken]


@cache
def _common() -> frozenset[str]:
    """Twenty thousand passwords of the published leaks; Django keeps the list."""
    return frozenset(CommonPasswordValidator().passwords)
