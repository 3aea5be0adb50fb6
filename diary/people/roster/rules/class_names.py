"""How a class is named: parallel and letter, and what counts as the same name."""

import re
from functools import lru_cache

from diary.foundation.core.text import plain, tidy

MAX_PARALLEL = 12  # evening schools

_LOOK_ALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
_CLASS = re.compile(r"(?:класс(?:-комплект)?\s+)?(\d{1,2})(?!\d)(.*)", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"(?<![\w-])кл(?:асс)?(?![\w-])\.?", re.IGNORECASE)
_AROUND = " \"'«»“”-–—./"


def class_parts(title: str) -> tuple[int, str] | None:
    """«7 "А"», «7-а класс» → (7, "А"); «10-1» → (10, "1"); «11 (соц-гум)» → (11, "соц-гум").

    None when the title does not begin with a parallel.
    """
    match = _CLASS.fullmatch(tidy(title))
    if match is None or not 1 <= int(match[1]) <= MAX_PARALLEL:
        return None
    rest = _WORD.sub("", match[2]).strip(_AROUND)
    if rest.startswith("(") and rest.endswith(")") and rest.count("(") == 1:
        rest = rest[1:-1].strip(_AROUND)
    return int(match[1]), rest


@lru_cache(maxsize=8_192)
def class_key(title: str) -> str:
    """One key for «7А», «7 "а"», «7-А класс» and 7A with a Latin letter; 1-1 and 11 have two."""
    parts = class_parts(title)
    if parts is None:
        return plain(title)
    letters = plain(parts[1])
    if len(letters) == 1:
        letters = letters.translate(_LOOK_ALIKE)
    return f"{parts[0]}{'-' if letters[:1].isdigit() else ''}{letters}"
