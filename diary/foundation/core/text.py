"""Russian text: how words are tidied and compared, how names are ordered and shortened."""

from __future__ import annotations

import re
from functools import lru_cache

_SPACES = re.compile(r"\s+")


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
    """The text as people mean it: one space between words, none around."""
    if text.isascii() and text.isalnum():
        return text
    return _SPACES.sub(" ", text.replace("\ufeff", "").replace("\u200b", "").replace("\0", "")).strip()


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Letters and digits only, lower case, ё as е."""
    return "".join(sign for sign in text.casefold().replace("ё", "е") if sign.isalnum())
