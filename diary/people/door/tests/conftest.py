"""What the tests of the door share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def plain_static_files() -> Iterator[None]:
    """Static names without hashes: nothing has been collected."""
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": PLAIN}):
        yield
