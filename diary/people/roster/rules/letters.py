"""Letters that look alike in both alphabets: people type a series in whichever layout is on."""

from __future__ import annotations

_LATIN, _CYRILLIC = "ABEKMHOPCTYX", "АВЕКМНОРСТУХ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_ROMAN = str.maketrans("1ІУХ", "IIVX")


def to_cyrillic(text: str) -> str:
    """«AБ» typed half in Latin: «АБ»."""
    return text.translate(_TO_CYRILLIC)


def to_latin(text: str) -> str:
    """«АВ123» typed in Cyrillic: «AB123»."""
    return text.translate(_TO_LATIN)


def to_roman(text: str) -> str:
    """A Roman number typed with digits one or Cyrillic letters: «ІУ», «1V» are «IV»."""
    return text.translate(_TO_ROMAN)
