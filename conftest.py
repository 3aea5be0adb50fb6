"""Tests run against real PostgreSQL: tables made by the owner, everything else done as the application's role."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from tests.people import Cast

TEST_DATABASE = f"test_diary_{os.getpid()}"


def owner_settings(name: str) -> dict[str, object]:
    """Django's database settings of the owner for the database of this name."""
    from diary.config.settings.base import database

    return database(os.environ["DATABASE_OWNER_URL"]) | {"NAME": name}


def _server() -> psycopg.Connection:
    owner = owner_settings("postgres")
    return psycopg.connect(
        dbname="postgres",
        user=str(owner["USER"]),
        password=str(owner["PASSWORD"]),
        host=str(owner["HOST"]),
        autocommit=True,
    )


def create_database(name: str, template: str = "template1") -> None:
    """Make a database as the owner; an earlier one of that name goes."""
    drop_database(name)
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_database(name: str) -> None:
    """Remove a database made by `create_database`; a killed server's connections may take a moment to go."""
    with _server() as server:
        for attempt in range(50):
            try:
                server.execute(f'DROP DATABASE IF EXISTS "{name}"')
            except psycopg.errors.ObjectInUse:
                if attempt == 49:
                    raise
                time.sleep(0.2)
            else:
                return


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database: migrated by the owner, then handed to the application's role."""
    create_database(TEST_DATABASE)
    app = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.settings_dict.update(owner_settings(TEST_DATABASE))
        call_command("migrate", verbosity=0)
        connection.close()
        connection.settings_dict.update(app | {"NAME": TEST_DATABASE})
        settings.DATABASES["default"]["NAME"] = TEST_DATABASE
    yield
    with django_db_blocker.unblock():
        connection.close()
    drop_database(TEST_DATABASE)


@pytest.fixture(scope="session")
def _cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Cast:
    from diary.foundation.core import clock
    from tests.people import NOW, make_cast

    with django_db_blocker.unblock(), clock.fixed(NOW):
        return make_cast()


@pytest.fixture
def cast(db: None, _cast: Cast) -> Iterator[Cast]:
    """The two schools and their people; the clock stands at noon of 14 October 2026; both schools in scope.

    Pages narrow the scope to their actor by themselves and give it back.
    """
    from diary.foundation.access.scope import school_scope
    from diary.foundation.core import clock
    from tests.people import NOW

    with clock.fixed(NOW), school_scope([_cast.school.id, _cast.other_school.id]):
        yield _cast


@pytest.fixture
def client_of(cast: Cast) -> Callable[[str], Client]:
    """A browser in which this person (by login) has signed in, with a second factor proved just now."""
    from tests.committed import signed_in

    def make(login: str) -> Client:
        return signed_in(Client(), cast.users[login])

    return make
