"""Tests run against real PostgreSQL: tables made by the owner, everything else done as the application's role."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from start.checkout import locked

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from tests.people import Cast

TEST_DATABASE = f"test_diary_{os.getpid()}"
# One run of the tests, whichever of its processes this is.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:16]
MIGRATED = f"test_migrated_{RUN}"


class ByFile(LoadScopeScheduling):
    """Each file stays in one process, as its fixtures are made for all of it. What starts and kills servers of its own
    stays together too, so that never two of that kind run at once. Files begin in the order of `testpaths`."""

    ALONE = ("tests/machine/", "tests/chaos/")

    def _split_scope(self, nodeid: str) -> str:
        folder = next((folder for folder in self.ALONE if nodeid.startswith(folder)), None)
        return folder or nodeid.partition("::")[0]


def pytest_configure(config: pytest.Config) -> None:
    """The processes of this run learn its name."""
    if hasattr(config.option, "testrunuid"):
        config.option.testrunuid = config.option.testrunuid or RUN


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Whatever `--dist` says: the databases and sites of a process are made for whole files."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_sessionfinish() -> None:
    """The process that began the run, and ends after the others, takes the migrated database away."""
    if "PYTEST_XDIST_WORKER" not in os.environ and "DATABASE_OWNER_URL" in os.environ:
        drop_database(MIGRATED)


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
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> str:
    """A database with all migrations and no rows, to be copied. The first process of a run makes it."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    with locked(shared / "migrated.lock"):
        done = Path(shared / "migrated")
        if not done.exists():
            with django_db_blocker.unblock():
                _migrate(MIGRATED)
            done.touch()
    return MIGRATED


def _migrate(name: str) -> None:
    """The tables, made by the owner."""
    create_database(name)
    app = dict(connection.settings_dict)
    connection.settings_dict.update(owner_settings(name))
    call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict.update(app)


@pytest.fixture(scope="session")
def django_db_setup(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's database: a copy of the migrated one, where Django works as the application's role."""
    create_database(TEST_DATABASE, template=migrated)
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = TEST_DATABASE
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
