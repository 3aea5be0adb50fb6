"""What the tests of families share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from diary.people.roster.models import Student
from diary.people.roster.tests.families import put_on_record
from tests.people import Cast

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def plain_static_files() -> Iterator[None]:
    """Static names without hashes: nothing has been collected."""
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": PLAIN}):
        yield


@pytest.fixture
def vanya(cast: Cast) -> Student:
    """Ваня of 1А, whose birth certificate the school has seen."""
    return put_on_record(cast.vanya_1a)
