"""What logins, passwords, phones and account numbers look like (A1–A3)."""

from __future__ import annotations

import re
import secrets
import unicodedata
from enum import StrEnum

LOGIN_LENGTH = 64
PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 128
PHONE_DIGITS = 10
NUMBER_DIGITS = 12
_LOGIN = re.compile(r"[A-Za-z0-9_]+")
_PHONE = re.compile(rf"[0-9]{{{PHONE_DIGITS}}}")


class Broken(StrEnum):
    """A rule that what was typed does not keep."""

    LOGIN_SIGNS = "login_signs"
    LOGIN_LONG = "login_long"
    SHORT = "short"
    LONG = "long"
    NO_UPPER = "no_upper"
    NO_LOWER = "no_lower"
    NO_DIGIT = "no_digit"
    NO_SPECIAL = "no_special"
    SPACE = "space"
    LIKE_LOGIN = "like_login"
    COMMON = "common"
    PHONE_PLUS = "phone_plus"
    PHONE_SPACES = "phone_spaces"
    PHONE_LETTERS = "phone_letters"
    PHONE_LENGTH = "phone_length"
    NAME_SIGNS = "name_signs"


def broken_login_rules(login: str) -> list[Broken]:
    """Rules of A1 that the login breaks; whether it is free is another question."""
    broken = [] if _LOGIN.fullmatch(login) else [Broken.LOGIN_SIGNS]
    return [*broken, Broken.LOGIN_LONG] if len(login) > LOGIN_LENGTH else broken


def broken_password_rules(password: str, login: str = "", common: frozenset[str] = frozenset()) -> list[Broken]:
    """Rules of A2 that the password breaks. `common` are known leaked ones in small letters."""
    checks = {
        Broken.SHORT: len(password) < PASSWORD_SHORTEST,
        Broken.LONG: len(password) > PASSWORD_LONGEST,
        Broken.NO_UPPER: not any(sign.isupper() for sign in password),
        Broken.NO_LOWER: not any(sign.islower() for sign in password),
        Broken.NO_DIGIT: not any(sign.isdigit() for sign in password),
        Broken.NO_SPECIAL: all(sign.isalnum() or sign.isspace() for sign in password),
        Broken.SPACE: any(sign.isspace() for sign in password),
        Broken.LIKE_LOGIN: len(login) >= 4 and login.lower() in password.lower(),
        Broken.COMMON: not _plain_forms(password).isdisjoint(common),
    }
    return [rule for rule, is_broken in checks.items() if is_broken]


def _plain_forms(password: str) -> set[str]:
    """The password as a list of leaked ones would have it: «Qwerty123!» is «qwerty123» with a sign at the end."""
    small = password.lower()
    letters_and_digits = "".join(sign for sign in small if sign.isalnum())
    return {small, letters_and_digits, letters_and_digits.rstrip("0123456789")} - {""}


def broken_phone_rules(typed: str) -> list[Broken]:
    """Rules of A3 that the phone breaks: ten digits, no spaces, no «+»."""
    if _PHONE.fullmatch(typed):
        return []
    checks = {
        Broken.PHONE_PLUS: "+" in typed,
        Broken.PHONE_SPACES: any(sign.isspace() for sign in typed),
        Broken.PHONE_LETTERS: any(not (sign.isspace() or sign in "+0123456789") for sign in typed),
        Broken.PHONE_LENGTH: sum(sign in "0123456789" for sign in typed) != PHONE_DIGITS,
    }
    return [rule for rule, is_broken in checks.items() if is_broken]


def broken_name_rules(name: str) -> list[Broken]:
    """A name is letters of any alphabet; «д’Артаньян», «Мамин-Сибиряк» and «Кызы А.» are names too."""
    letters = unicodedata.normalize("NFC", name)
    is_name = any(sign.isalpha() for sign in letters) and all(sign.isalpha() or sign in " -–.'’ʼ" for sign in letters)
    return [] if is_name else [Broken.NAME_SIGNS]


def phone_of(typed: str) -> str:
    """«9161234567» as E.164: «+79161234567». What was typed must keep the rules."""
    return f"+7{typed}"


def masked_phone(phone: str) -> str:
    """«+7 ··· ···-45-67»: enough to know one's own."""
    return f"{phone[:2]} ··· ···-{phone[-4:-2]}-{phone[-2:]}" if len(phone) > 6 else ""


def masked_email(email: str) -> str:
    """«o···@example.ru»."""
    name, at, place = email.partition("@")
    return f"{name[:1]}···{at}{place}" if at else ""


def new_number() -> str:
    """A random account number of twelve digits; it never begins with a zero."""
    return str(10 ** (NUMBER_DIGITS - 1) + secrets.randbelow(9 * 10 ** (NUMBER_DIGITS - 1)))


def grouped_number(number: str) -> str:
    """«1234 5678 9012»."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def read_number(typed: str) -> str:
    """An account number as typed, with or without spaces and dashes."""
    return "".join(sign for sign in typed if sign in "0123456789")
