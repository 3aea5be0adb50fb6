"""Russian text: how words are tidied and compared, how names are ordered and shortened."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_SPACES = re.compile(r"\s+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\0"))


def name_key(name: str) -> tuple[str, str]:
    """Sort key of a Russian name: ё stands with е, case does not matter."""
    lowered = name.lower()
    return lowered.replace("ё", "е"), lowered


def full_name(last: str, first: str, middle: str = "") -> str:
    """«Соколова Анна Петровна»."""
    return " ".join(part for part in (last, first, middle) if part)


def short_name(last: str, first: str, middle: str = "") -> str:
    """«Соколова А. П.»."""
    initials = [f"{part[0]}." for part in (first, middle) if part]
    return " ".join(part for part in (last, *initials) if part)


def tidy(text: str) -> str:
    """The text as people mean it: composed letters (й is one sign), one space between words, none around."""
    if text.isascii() and text.isalnum():
        return text
    return _SPACES.sub(" ", composed(text).translate(_INVISIBLE)).strip()


def composed(text: str) -> str:
    """Letters as one sign each (NFC): macOS writes «й» as «и» and a breve."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def composed_all(value: Any) -> Any:
    """What a JSON document says, with composed letters in every text of it, keys included."""
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, list):
        return [composed_all(one) for one in value]
    if isinstance(value, dict):
        return {composed(key): composed_all(one) for key, one in value.items()}
    return value


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Letters and digits only, lower case, ё as е; what stands between two digits stays, as «-»: 1-12 is not 112."""
    folded = _BETWEEN_DIGITS.sub("\0", composed(text).casefold().replace("ё", "е"))
    return "".join(sign for sign in folded if sign.isalnum() or sign == "\0").replace("\0", "-")


def written(text: str) -> str:
    """As it is written, but for case, ё and spaces: a stricter comparison than `plain`."""
    return tidy(text).casefold().replace("ё", "е")
