"""The base of every refusal that a person is told about in a sentence."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Something that was asked cannot be done. `sentence` is translated: what, why, what to do.

    `status` is the HTTP status of the page; `extra` is added to the JSON answer.
    """

    status = 400

    def __init__(self, sentence: str, **extra: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.extra = extra


class BadInput(Refusal):
    """The values themselves cannot be used."""

    status = 422


class Conflict(Refusal):
    """Somebody else changed the same thing first."""

    status = 409


class TooMuch(Refusal):
    """More than one request may carry."""

    status = 413
