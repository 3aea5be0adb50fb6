"""The fourth lock: grants and row-level security, laid over every table after each migration by the owner."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connections, models

from diary.foundation.core.models import AppendOnly, SchoolOwned

POLICY = "school_isolation"
SCOPE = "string_to_array(nullif(current_setting('app.school_ids', true), ''), ',')::int[]"


def _tables() -> Iterator[tuple[str, type[models.Model]]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model._meta.db_table, model


def secure_tables(alias: str = "default") -> None:
    """Give the application's role exactly what each table allows. Idempotent; run by the owner after `migrate`.

    Ordinary tables: read and write. Histories (`AppendOnly`): INSERT and SELECT. School tables: a policy by scope.
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
            rights = "SELECT, INSERT" if issubclass(model, AppendOnly) else "SELECT, INSERT, UPDATE, DELETE"
            cursor.execute(f"GRANT {rights} ON {name} TO {role}")
            if issubclass(model, SchoolOwned) and table not in have_policy:
                cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
                cursor.execute(
                    f"CREATE POLICY {POLICY} ON {name} TO {role} "
                    f"USING (school_id = ANY ({SCOPE})) WITH CHECK (school_id = ANY ({SCOPE}))"
                )
        # procrastinate keeps two tables without models of their own
        for table in sorted(present):
            if table.startswith("procrastinate_"):
                cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quote(table)} TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
