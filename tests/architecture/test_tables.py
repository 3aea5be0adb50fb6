"""Every table as the database itself describes it: keys, indexes, row policies, grants (STACK: Citus-ready, RLS).

A new table of a school passes without a word. A new table without `school_id` gets a line in PLAIN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from diary.foundation.access.database import POLICY
from diary.foundation.core.fields import CompositeForeignKey, SchoolForeignKey
from diary.foundation.core.models import AppendOnly, Kept, SchoolOwned

pytestmark = pytest.mark.django_db

# Tables of ours that belong to no single school, and why.
PLAIN = {
    "schools_school": "the schools themselves",
    "accounts_user": "a person is one in the whole country",
    "accounts_rolegrant": "read before it is known which schools are in scope",
    "door_session": "read before it is known who comes",
    "door_loginguard": "of a login, whether anybody has it or not",
    "door_allowance": "limits of addresses and phones",
    "door_signinrecord": "the person's own journal, in whatever school",
    "door_onetimecode": "of a person",
    "post_outgoingmessage": "to a person",
    "post_outboxmessage": "what a demo or a test sent",
    "door_factor": "of a person",
    "door_recoverycode": "of a person",
    "roster_familyschool": "where a person without a role looks for what is theirs",
    "roster_devicepass": "read before it is known who comes",
    "roster_childdevice": "read before it is known who comes",
    "identities_externalidentity": "of a person",
    "audit_auditevent": "deeds of all schools in one log; some have no school; read by the sealer alone",
    "audit_unsealedevent": "queue of the sealer",
    "audit_auditseal": "seals over the events of all schools",
    "core_datakey": "keys of all schools, wrapped: read before it is known whose rows will be",
    "core_doneonce": "keys of requests, nothing about a school",
}
# Indexes of school tables that do not begin with school_id, and why.
INDEXES_BY_ACCOUNT = "PostgreSQL looks here when an account is removed; not unique, so Citus takes it"
OTHER_INDEXES = {
    ("roster_importrun", "user_id"): INDEXES_BY_ACCOUNT,
}


def select(sql: str, *given: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def our_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("diary.") and model._meta.managed:
            yield model


def school_models() -> list[type[SchoolOwned]]:
    return [model for model in our_models() if issubclass(model, SchoolOwned)]


def test_every_table_is_of_a_school_or_on_the_list() -> None:
    plain = {model._meta.db_table for model in our_models() if not issubclass(model, SchoolOwned)}
    assert plain - PLAIN.keys() == set(), "make it SchoolOwned, or say in PLAIN why it is not"
    assert PLAIN.keys() - plain == set(), "no longer there: take it off the list"


def test_every_table_with_a_school_has_a_model() -> None:
    found = {row[0] for row in select("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity")}
    assert found == {model._meta.db_table for model in school_models()}


def test_primary_key_of_a_school_table_is_school_and_id() -> None:
    keys = dict(
        select(
            "SELECT conrelid::regclass::text, array_agg(attname::text ORDER BY place) FROM pg_constraint,"
            " unnest(conkey) WITH ORDINALITY AS k(number, place) JOIN pg_attribute ON attnum = number"
            " WHERE contype = 'p' AND attrelid = conrelid GROUP BY 1"
        )
    )
    for model in school_models():
        assert keys[model._meta.db_table] == ["school_id", "id"], model


def test_unique_constraints_and_indexes_of_a_school_table_begin_with_the_school() -> None:
    rows = select(
        "SELECT t.relname, i.relname, a.attname, x.indisunique FROM pg_index x"
        " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
        " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0] WHERE t.relrowsecurity"
    )
    others = {(table, column): (name, is_unique) for table, name, column, is_unique in rows if column != "school_id"}
    assert others.keys() - OTHER_INDEXES.keys() == set()
    assert not [name for name, is_unique in others.values() if is_unique]
    assert OTHER_INDEXES.keys() - others.keys() == set(), "no longer there: take it off the list"


def test_school_tables_have_no_exclusion_constraint_and_no_trigger() -> None:
    """Citus refuses both; and a trigger is a rule that nobody finds in the code."""
    assert not select("SELECT conname FROM pg_constraint WHERE contype IN ('x', 't')")
    foreign = "procrastinate_%"
    found = select(
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE %s", foreign
    )
    assert not found


def test_nobody_notifies_inside_the_transaction_that_queues_a_job() -> None:
    names = [row[0] for row in select("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")]
    assert not [name for name in names if "notify_queue_job_inserted" in name]


def test_no_table_without_a_school_points_at_a_table_of_schools() -> None:
    found = select(
        "SELECT conname FROM pg_constraint JOIN pg_class mine ON mine.oid = conrelid"
        " JOIN pg_class theirs ON theirs.oid = confrelid"
        " WHERE contype = 'f' AND theirs.relrowsecurity AND NOT mine.relrowsecurity"
    )
    assert not found


def test_links_inside_a_school_carry_the_school() -> None:
    """From school table to school table there is no foreign key by id alone."""
    found = select(
        "SELECT conname FROM pg_constraint JOIN pg_class mine ON mine.oid = conrelid"
        " JOIN pg_class theirs ON theirs.oid = confrelid"
        " JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]"
        " WHERE contype = 'f' AND theirs.relrowsecurity AND (a.attname <> 'school_id' OR cardinality(conkey) < 2)"
    )
    assert not found


def _foreign_keys() -> dict[str, tuple[str, str, bool]]:
    """(table, definition, deferrable) by name."""
    rows = select(
        "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), condeferrable FROM pg_constraint"
        " WHERE contype = 'f' AND convalidated"
    )
    return {name: (table, definition, is_deferrable) for name, table, definition, is_deferrable in rows}


def _school_links(model: type[models.Model]) -> list[SchoolForeignKey]:
    return [field for field in model._meta.get_fields() if isinstance(field, SchoolForeignKey)]


def test_every_link_of_a_school_table_has_its_composite_constraint() -> None:
    known = _foreign_keys()
    links = [(model, link) for model in school_models() for link in _school_links(model)]
    assert {"gradebook_mark.lesson", "roster_course.group"} <= {f"{m._meta.db_table}.{link.name}" for m, link in links}
    for model, link in links:
        table, definition, is_deferrable = known[f"{model._meta.app_label}_{model._meta.model_name}_{link.name}_fk"]
        target = link.related_model._meta.db_table  # type: ignore[union-attr]
        assert table == model._meta.db_table
        assert f"FOREIGN KEY (school_id, {link.name}_id) REFERENCES {target}(school_id, id)" in definition
        assert is_deferrable


def test_every_declared_composite_constraint_is_in_the_database() -> None:
    known = _foreign_keys()
    declared = [
        (model, constraint)
        for model in our_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CompositeForeignKey)
    ]
    assert not any(one.on_update for _, one in declared)  # S5: it cannot be had where tables are spread over servers
    assert {"gradebook_mark_made_by_change", "gradebook_mark_lesson_place"} <= {one.name for _, one in declared}
    for model, constraint in declared:
        assert known[constraint.name][0] == model._meta.db_table, constraint.name


def test_mark_is_held_to_its_change_at_once_and_not_at_commit() -> None:
    _table, definition, is_deferrable = _foreign_keys()["gradebook_mark_made_by_change"]
    assert "FOREIGN KEY (school_id, id, version, value, weight)" in definition
    assert "REFERENCES gradebook_markchange(school_id, mark_id, version, value, weight)" in definition
    assert not is_deferrable


def test_every_school_table_has_the_row_policy_and_nothing_else() -> None:
    policies = {
        table: (name, permissive, roles, command, using, check)
        for table, name, permissive, roles, command, using, check in select(
            "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies"
        )
    }
    assert len(policies) == len(select("SELECT 1 FROM pg_policies")), "two policies on one table are joined by OR"
    assert policies.keys() == {model._meta.db_table for model in school_models()}
    for table, (name, permissive, roles, command, using, check) in policies.items():
        assert (name, permissive, roles, command) == (POLICY, "PERMISSIVE", [settings.DATABASE_APP_ROLE], "ALL"), table
        assert using == check, table
        assert using.split()[:5] == ["CASE", "WHEN", "(school_id", "=", "ANY"], table
        assert "app.school_ids" in using


RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def _rights(table: str) -> set[str]:
    columns = ", ".join(["has_table_privilege(current_user, %s, %s)"] * len(RIGHTS))
    [row] = select(f"SELECT {columns}", *[value for right in RIGHTS for value in (table, right)])
    return {right for right, is_given in zip(RIGHTS, row, strict=True) if is_given}


def test_rights_on_each_table_are_exactly_those_meant() -> None:
    for model in our_models():
        meant = {"SELECT", "INSERT"}
        if not issubclass(model, AppendOnly):
            meant |= {"UPDATE"} if issubclass(model, Kept) else {"UPDATE", "DELETE"}
        assert _rights(model._meta.db_table) == meant, model
    assert _rights("django_migrations") == {"SELECT"}


def test_histories_are_these() -> None:
    """A history that loses AppendOnly would quietly get its rights back."""
    assert {model._meta.label for model in our_models() if issubclass(model, AppendOnly)} >= {
        "gradebook.MarkChange",
        "audit.AuditEvent",
        "audit.AuditSeal",
    }


def test_no_single_column_of_a_history_can_be_updated() -> None:
    for model in our_models():
        if issubclass(model, AppendOnly):
            [(is_given,)] = select(
                "SELECT has_any_column_privilege(current_user, %s, 'UPDATE, REFERENCES')", model._meta.db_table
            )
            assert not is_given, model


def test_role_of_the_application_is_nobody_special() -> None:
    assert select("SELECT current_user, session_user") == [(settings.DATABASE_APP_ROLE,) * 2]
    [powers] = select(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = current_user"
    )
    assert not any(powers)
    assert not select("SELECT 1 FROM pg_auth_members WHERE member = current_user::regrole"), "a member of another role"


def test_role_of_the_application_owns_nothing_and_may_make_nothing() -> None:
    assert not select("SELECT relname FROM pg_class WHERE relowner = current_user::regrole AND relpersistence <> 't'")
    assert not select("SELECT proname FROM pg_proc WHERE proowner = current_user::regrole")
    [(schema, database)] = select(
        "SELECT has_schema_privilege(current_user, 'public', 'CREATE'),"
        " has_database_privilege(current_user, current_database(), 'CREATE')"
    )
    assert not schema
    assert not database


def test_no_function_lends_the_owners_rights() -> None:
    """SECURITY DEFINER is a way around the row policies: each one would have to be looked at here."""
    found = select(
        "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE prosecdef AND nspname = 'public'"
    )
    assert not found


def test_no_view_reads_with_the_owners_rights() -> None:
    """A view is read as its owner, past the row policies, unless it says security_invoker."""
    found = select(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
        " AND relkind IN ('v', 'm') AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)"
    )
    assert not found
