"""How words of a file are compared: «Ёлкин-Петров», «ЁЛКИН ПЕТРОВ» and «елкин петров» are one and the same."""

import re
from functools import lru_cache

_LOOK_ALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
_BRACKETS = re.compile(r"\([^)]*\)")
_SPACES = re.compile(r"\s+")
_CLASS = re.compile(r"(\d{1,2})\W*(.*)", re.DOTALL)


def tidy(text: str) -> str:
    """The text as people mean it: one space between words, none around."""
    if text.isascii() and text.isalnum():
        return text
    return _SPACES.sub(" ", text.replace("\ufeff", "").replace("\u200b", "").replace("\0", "")).strip()


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Letters and digits only, lower case, ё as е."""
    return "".join(sign for sign in text.casefold().replace("ё", "е") if sign.isalnum())


def heading_key(title: str) -> tuple[str, ...]:
    """The keys a column title may be known by: whole, and without a remark in brackets."""
    whole, bare = plain(title), plain(_BRACKETS.sub("", title))
    return (whole, bare) if bare and bare != whole else (whole,)


def class_parts(title: str) -> tuple[int, str] | None:
    """«7 "А"», «7-а класс» → (7, "А"); None when the title does not begin with a parallel."""
    match = _CLASS.fullmatch(tidy(title))
    if match is None:
        return None
    rest = re.sub(r"\bкласс\b", "", match[2], flags=re.IGNORECASE)
    return int(match[1]), rest.strip(" \"'«»“”-–—.")


@lru_cache(maxsize=8_192)
def class_key(title: str) -> str:
    """One key for «7А», «7 "а"», «7-А класс» and 7A with a Latin letter."""
    parts = class_parts(title)
    if parts is None:
        return plain(title)
    letters = plain(parts[1])
    return f"{parts[0]}{letters.translate(_LOOK_ALIKE) if len(letters) == 1 else letters}"


def split_list(text: str) -> tuple[str, ...]:
    """«7А; 7Б» or lines of a cell → its items."""
    return tuple(item for part in re.split(r"[;,\n]", text) if (item := tidy(part)))
