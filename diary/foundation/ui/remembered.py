"""Drawings that are made once: as long as nothing in it has changed, a part of a page is not drawn again.

A part is a pure function of its facts, so what is remembered cannot be stale: other facts are another drawing. The
facts themselves are read from the database at every request, behind the same doors as ever.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Facts = TypeVar("Facts")


class Drawings:
    """What one server process has drawn lately: at most `capacity` characters, the longest unused go first."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._drawn: OrderedDict[bytes, SafeString] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> SafeString | None:
        """The drawing, which now counts as just used."""
        with self._lock:
            found = self._drawn.get(key)
            if found is not None:
                self._drawn.move_to_end(key)
            return found

    def keep(self, key: bytes, drawing: SafeString) -> None:
        """Remember a drawing; one larger than an eighth of the room is not worth the others' places."""
        if len(drawing) > self.capacity // 8:
            return
        with self._lock:
            self.size += len(drawing) - len(self._drawn.pop(key, ""))
            self._drawn[key] = drawing
            while self.size > self.capacity:
                self.size -= len(self._drawn.popitem(last=False)[1])


drawings = Drawings(settings.REMEMBERED_DRAWINGS)


def draw(template: str, facts: Facts, understand: Callable[[Facts], Mapping[str, Any]]) -> SafeString:
    """The template rendered with `understand(facts)`, or the same drawing from memory.

    `understand` may look at nothing but its facts, and the template at nothing but what it gives: there is no request
    in it. Facts are a frozen dataclass of plain values whose `repr` tells them apart.
    """
    key = blake2b(repr((template, get_language(), facts)).encode(), digest_size=20).digest()
    found = drawings.get(key)
    if found is None:
        found = render_to_string(template, dict(understand(facts)))
        drawings.keep(key, found)
    return found
