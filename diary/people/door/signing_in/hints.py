"""Who may be tried out: the demo hands its people in, and the sign-in page lists them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from django.utils.functional import Promise

from diary.foundation.core.registry import Registry


class Hint(Protocol):
    """A person of the demo: role, name, login, password, what to look at."""

    @property
    def role(self) -> str | Promise: ...
    @property
    def name(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def look_at(self) -> str | Promise: ...


# empty in production: the demo room is not installed there
sign_in_hints: Registry[Callable[[], Sequence[Hint]]] = Registry("sign-in hints")
