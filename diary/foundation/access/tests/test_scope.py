"""The scope as code sees it; what the database makes of it is tried in tests/architecture/test_database_locks.py."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from diary.foundation.access.scope import current_scope, school_scope
from diary.people.accounts.models import User
from diary.people.schools.models import Subject
from tests.people import Cast


def in_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.school_ids', true)")
        return str(cursor.fetchone()[0] or "")


@pytest.mark.django_db
def test_scope_is_sorted_and_without_repeats() -> None:
    with school_scope([3, 1, 3]):
        assert current_scope() == (1, 3)
        assert in_database() == "1,3"
    assert (current_scope(), in_database()) == ((), "")


@pytest.mark.django_db
def test_scope_comes_back_after_a_refusal_inside() -> None:
    with school_scope([1]):
        with pytest.raises(LookupError), school_scope([2]):
            raise LookupError
        assert (current_scope(), in_database()) == ((1,), "1")


def test_error_of_the_database_inside_a_scope_is_told_as_itself(cast: Cast) -> None:
    """Not as the failure of giving the outer scope back on a connection that no longer listens."""
    before = in_database()
    taken = Subject.objects.filter(school_id=cast.school.id).first()
    with pytest.raises(IntegrityError, match="schools_subject_external_id"), school_scope([cast.school.id]):
        Subject.objects.create(school_id=cast.school.id, name="x", short_name="x", external_id=taken.external_id)
    assert in_database() == before
    assert User.objects.exists()


@pytest.mark.django_db
def test_scope_given_up_by_its_block_writes_nothing() -> None:
    with school_scope([1]):
        with school_scope([2]):
            transaction.set_rollback(True)
        assert in_database() == "1"
