"""A pupil's identity documents (A10): what each kind looks like, and one way to write it, so as to compare two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from diary.people.roster.rules.letters import to_cyrillic, to_latin, to_roman

ROMAN = re.compile(r"(?=.)X{0,3}(IX|IV|V?I{0,3})")  # series of birth certificates: I to XXXIX
FOREIGN_SHORTEST, FOREIGN_LONGEST = 4, 30


class DocumentKind(StrEnum):
    """What a family shows and a school has seen."""

    PASSPORT = "passport"
    BIRTH = "birth"
    FOREIGN = "foreign"


class Part(StrEnum):
    """Which half of the document does not fit its kind."""

    SERIES = "series"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Document:
    """A document in the one way of writing it: «4506123456», «IVАБ123456», «AB1234567»."""

    kind: DocumentKind
    text: str


class WrongDocument(ValueError):
    """Series or number do not fit the kind; `parts` says which."""

    def __init__(self, *parts: Part) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


def read_document(kind: DocumentKind, series: str, number: str) -> Document:
    """The document as typed in two fields. Raises WrongDocument.

    Spaces and dashes do not matter, nor does case; a Latin letter that looks like the Cyrillic one (or the other way
    round) is taken for it. A foreign document may have no series.
    """
    if kind is DocumentKind.FOREIGN:
        return Document(kind, _foreign(series, number))
    read_series = _passport_series if kind is DocumentKind.PASSPORT else _birth_series
    pairs = ((Part.SERIES, read_series(series)), (Part.NUMBER, _digits(number, 6)))
    wrong = [part for part, text in pairs if not text]
    if wrong:
        raise WrongDocument(*wrong)
    return Document(kind, "".join(text for _part, text in pairs))


def read_in_one(typed: str) -> Document:
    """The document as one line of a table: «I-АБ 123456», «45 06 123456», «AB 1234567». Raises WrongDocument."""
    text = _plain(_WORDS.sub("", typed))
    for kind, split in ((DocumentKind.PASSPORT, 4), (DocumentKind.BIRTH, len(text) - 6)):
        try:
            return read_document(kind, text[:split], text[split:])
        except WrongDocument:
            continue
    return read_document(DocumentKind.FOREIGN, "", text)


def shown(kind: DocumentKind, text: str) -> str:
    """As people write it: «45 06 123456», «IV-АБ 123456»."""
    if kind is DocumentKind.PASSPORT:
        return f"{text[:2]} {text[2:4]} {text[4:]}"
    if kind is DocumentKind.BIRTH:
        return f"{text[:-8]}-{text[-8:-6]} {text[-6:]}"
    return text


_WORDS = re.compile(
    r"свидетельство( о рождении)?|св-во( о рожд(ении|\.)?)?|паспорт( рф| гражданина рф)?|иностранный( документ)?"
    r"|серия|номер|№",
    re.IGNORECASE,
)


def _plain(typed: str) -> str:
    """Letters and digits alone, large."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def _digits(typed: str, count: int) -> str:
    digits = "".join(sign for sign in typed if not sign.isspace())
    return digits if re.fullmatch(rf"[0-9]{{{count}}}", digits) else ""


def _passport_series(typed: str) -> str:
    return _digits(typed.replace("-", ""), 4)


def _birth_series(typed: str) -> str:
    text = _plain(typed)
    roman, letters = to_roman(text[:-2]), to_cyrillic(text[-2:])
    return roman + letters if ROMAN.fullmatch(roman) and re.fullmatch(r"[А-ЯЁ]{2}", letters) else ""


def _foreign(series: str, number: str) -> str:
    text = to_latin(_plain(series + number))
    has_digit = any(sign.isdecimal() for sign in text)
    if not has_digit or not FOREIGN_SHORTEST <= len(text) <= FOREIGN_LONGEST:
        raise WrongDocument(Part.NUMBER)
    return text
