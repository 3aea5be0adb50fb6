"""Seeded randomness and ids: the same seed always gives the same school."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


class Chance:
    """Independent streams of random numbers by name, so that a new stream never shifts the others."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def stream(self, *names: object) -> Random:
        """The stream of that name, from its beginning."""
        return Random("/".join([self.seed, *map(str, names)]))


class Ids:
    """Ids shaped like UUID v7 that grow from the first day of the school year on, in the order they are asked for."""

    def __init__(self, chance: Chance, first_day: dt.date) -> None:
        midnight = dt.datetime.combine(first_day, dt.time(), tzinfo=dt.UTC)
        self._milliseconds = int(midnight.timestamp() * 1000)
        self._random = chance.stream("ids")

    def __call__(self) -> uuid.UUID:
        """The next id."""
        self._milliseconds += 1
        noise = self._random.getrandbits(74)
        high = (self._milliseconds << 80) | _VERSION_7 | ((noise >> 62) << 64)
        return uuid.UUID(int=high | _VARIANT | (noise & ((1 << 62) - 1)))
