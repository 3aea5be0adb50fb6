"""The fourth lock: grants and row-level security, laid over every table after each migration by the owner."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connections, models

from diary.foundation.core.models import AppendOnly, Kept, SchoolOwned

POLICY = "school_isolation"
SCOPE = "string_to_array(nullif(current_setting('app.school_ids', true), ''), ',')::int[]"
# Every statement names its school besides. Were this a bare comparison, the planner would count the same condition
# twice, expect one row of everything, and with 200 schools choose plans that are 50 times slower (bench/README.md).
IN_SCOPE = f"CASE WHEN school_id = ANY ((SELECT {SCOPE})::int[]) THEN true ELSE false END"


def _tables() -> Iterator[tuple[str, type[models.Model]]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model._meta.db_table, model


def _rights(model: type[models.Model]) -> str:
    if issubclass(model, AppendOnly):
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if issubclass(model, Kept) else "SELECT, INSERT, UPDATE, DELETE"


def secure_tables(alias: str = "default") -> None:
    """Give the application's role exactly what each table allows. Idempotent; run by the owner after `migrate`.

    Ordinary tables: read and write. Histories (`AppendOnly`): INSERT and SELECT.
    Marks (`Kept`): no DELETE. School tables: a policy by scope.
    """
    connection = connections[alias]
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() == (True,):
            raise RuntimeError("migrate must run as the owner of the tables, not as the application's role")
        cursor.execute("SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = %s", [POLICY])
        have_policy = {row[0] for row in cursor.fetchall()}
        present = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")
        for table, model in _tables():
            if table not in present:
                continue
            name = quote(table)
            cursor.execute(f"REVOKE ALL ON {name} FROM {role}")
            cursor.execute(f"GRANT {_rights(model)} ON {name} TO {role}")
            if issubclass(model, SchoolOwned):
                cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
                verb = "ALTER" if table in have_policy else "CREATE"
                cursor.execute(f"{verb} POLICY {POLICY} ON {name} TO {role} USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})")
        # procrastinate keeps two tables without models of their own
        for table in sorted(present):
            if table.startswith("procrastinate_"):
                cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quote(table)} TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
