"""The cast in a database where everything commits: imports work in jobs, over connections of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from conftest import TEST_DATABASE, create_database, drop_database
from diary.foundation.core import clock
from tests.committed import database_name, in_database
from tests.people import NOW, Cast


@pytest.fixture
def committed(_cast: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a copy of the tests' database, where everything commits."""
    name = database_name("office")
    with django_db_blocker.unblock(), clock.fixed(NOW):
        connection.close()
        create_database(name, template=TEST_DATABASE)
        with in_database(name):
            yield _cast
    drop_database(name)
