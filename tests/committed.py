"""What other connections can see: committed sessions, and databases of one's own beside the tests' transaction."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Generic, TypeVar

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import Client

from conftest import TEST_DATABASE, create_database, drop_database, owner_settings
from diary.foundation.core import clock
from diary.foundation.core.encryption.keys import look_again
from diary.foundation.live import stream
from diary.people.accounts.models import User
from diary.people.door.models import Session
from diary.people.door.sessions.browsers import prove_factor
from tests.people import NOW

T = TypeVar("T")


def elsewhere(work: Callable[[], T]) -> T:
    """Run `work` on a connection of its own, which commits at once."""

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@contextmanager
def other_connections_closed() -> Iterator[None]:
    """Connections that other threads open inside are closed at the end: a database in use can be neither copied nor
    dropped."""
    opened: list[BaseDatabaseWrapper] = []

    def remember(connection: BaseDatabaseWrapper, **_: object) -> None:
        opened.append(connection)

    connection_created.connect(remember)
    try:
        yield
    finally:
        connection_created.disconnect(remember)
        stream.hub._listener = None  # a cancelled listener keeps the connection that it was opening
        for one in opened:
            if one is not connections[one.alias]:
                one.inc_thread_sharing()
                one.close()


def open_session(user: User) -> str:
    """The key of a session in which this user has signed in and has just proved a second factor."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    prove_factor(session)
    session.create()
    return str(session.session_key)


def signed_in(browser: Client, user: User) -> Client:
    """The browser with such a session."""
    browser.cookies[settings.SESSION_COOKIE_NAME] = open_session(user)
    return browser


def end_session(key: str) -> None:
    """The session is gone, and everybody can see it."""
    elsewhere(lambda: Session.objects.with_secret(key).delete())


@contextmanager
def committed_session(user: User) -> Iterator[str]:
    """A session that every connection sees; it goes at the end."""
    key = elsewhere(lambda: open_session(user))
    try:
        yield key
    finally:
        end_session(key)


@contextmanager
def in_database(name: str, *, is_owner: bool = False) -> Iterator[None]:
    """Django works in this database instead of the tests' own; as the application's role unless told otherwise."""
    usual = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(owner_settings(name) if is_owner else {"NAME": name})
    look_again()  # another database may have had this name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)


@contextmanager
def committed_copy(suffix: str) -> Iterator[None]:
    """Inside, everything commits in a copy of the tests' database, at the moment of the cast."""
    name = database_name(suffix)
    with clock.fixed(NOW):
        connection.close()
        create_database(name, template=TEST_DATABASE)
        try:
            with in_database(name):
                yield
        finally:
            drop_database(name)


def at_once(works: list[Callable[[], T]]) -> list[T]:
    """Everything in threads of their own, begun together, at the moment of the cast."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        try:
            with clock.fixed(NOW):
                start.wait()
                return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


class Waiter(Generic[T]):
    """Work on a connection of its own, begun while the present transaction holds a lock that it needs."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._begun = self._pool.submit(self._run, work)

    @staticmethod
    def _run(work: Callable[[], T]) -> T:
        try:
            with clock.fixed(NOW):
                return work()
        finally:
            connections.close_all()

    def is_waiting(self) -> bool:
        """Look until it waits for a lock of the present transaction (True), or has ended without waiting (False)."""
        with connection.cursor() as cursor:
            while not self._begun.done():
                cursor.execute(
                    "SELECT EXISTS (SELECT FROM pg_locks"
                    " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
                )
                if cursor.fetchone() == (True,):
                    return True
        return False

    def result(self) -> T:
        """What came of it, once the transaction has ended."""
        with self._pool:
            return self._begun.result()


@contextmanager
def as_owner(name: str) -> Iterator[psycopg.Connection]:
    """A connection of the owner of the tables, for what the application may never do. Commits at the end."""
    owner = owner_settings(name)
    with psycopg.connect(
        dbname=name, user=str(owner["USER"]), password=str(owner["PASSWORD"]), host=str(owner["HOST"])
    ) as server:
        yield server


def database_name(suffix: str) -> str:
    """A name no other run of the tests uses."""
    return f"test_diary_{os.getpid()}_{suffix}"
