"""A database beside the tests' own, in which sealed rows are really committed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from conftest import TEST_DATABASE, create_database, drop_database
from diary.foundation.core.encryption.keys import forget_keys
from diary.foundation.core.encryption.tests.tables import make_tables
from tests.committed import database_name, in_database


@pytest.fixture(scope="module")
def _sealed_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    name = database_name("sealed")
    with django_db_blocker.unblock():
        connection.close()
        create_database(name, template=TEST_DATABASE)
        with in_database(name, is_owner=True):
            make_tables()
    yield name
    drop_database(name)


@pytest.fixture
def sealed(_sealed_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Django works there as the application, with no key in memory."""
    forget_keys()
    with django_db_blocker.unblock(), in_database(_sealed_database):
        yield _sealed_database
    forget_keys()
