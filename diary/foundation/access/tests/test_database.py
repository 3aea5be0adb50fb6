"""Laying grants and policies: by the owner only, and again without harm."""

from __future__ import annotations

import pytest

from diary.foundation.access.database import secure_tables
from tests.people import Cast


def test_application_cannot_secure_what_it_does_not_own(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="as the owner"):
        secure_tables()
