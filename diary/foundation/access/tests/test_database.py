"""Laying grants and policies: by the owner only, and again without harm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from conftest import TEST_DATABASE, create_database, drop_database
from diary.foundation.access.database import secure_tables
from tests.committed import as_owner, database_name, in_database
from tests.people import Cast

POLICIES = "SELECT count(*) FROM pg_policies"
MAY_UPDATE = "SELECT has_table_privilege(%s, 'gradebook_markchange', 'UPDATE')"
MAY_INSERT = "SELECT has_table_privilege(%s, 'roster_student', 'INSERT')"


def test_application_cannot_secure_what_it_does_not_own(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="as the owner"):
        secure_tables()


@pytest.fixture
def copy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the tests' database, in which Django works as the owner."""
    name = database_name("secured")
    with django_db_blocker.unblock():
        connection.close()
        create_database(name, template=TEST_DATABASE)
        with in_database(name, is_owner=True):
            yield name
    drop_database(name)


def test_every_migrate_takes_back_what_was_given_and_gives_back_what_was_taken(copy: str) -> None:
    role = settings.DATABASE_APP_ROLE
    with as_owner(copy) as owner:
        before = owner.execute(POLICIES).fetchone()
        owner.execute(f"GRANT ALL ON gradebook_markchange TO {role}")
        owner.execute(f"REVOKE ALL ON roster_student FROM {role}")
        owner.execute("DROP POLICY school_isolation ON roster_student")
        owner.execute("ALTER TABLE roster_student DISABLE ROW LEVEL SECURITY")
    call_command("migrate", verbosity=0)
    with as_owner(copy) as owner:
        assert owner.execute(MAY_UPDATE, [role]).fetchone() == (False,)
        assert owner.execute(MAY_INSERT, [role]).fetchone() == (True,)
        assert owner.execute(POLICIES).fetchone() == before
        isolated = owner.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'roster_student'").fetchone()
        assert isolated == (True,)


def test_looking_at_the_plan_changes_nothing(copy: str) -> None:
    role = settings.DATABASE_APP_ROLE
    with as_owner(copy) as owner:
        owner.execute(f"REVOKE ALL ON roster_student FROM {role}")
    call_command("migrate", verbosity=0, plan=True)
    with as_owner(copy) as owner:
        assert owner.execute(MAY_INSERT, [role]).fetchone() == (False,)
