"""How a class is named: parallel and letter, and what counts as the same name."""

import re
from functools import lru_cache

from diary.foundation.core.text import plain, tidy

_LOOK_ALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
_CLASS = re.compile(r"(\d{1,2})\W*(.*)", re.DOTALL)


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
