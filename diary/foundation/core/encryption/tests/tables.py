"""Two tables with sealed columns, for these tests alone: one of the whole country, one of schools."""

from __future__ import annotations

from django.apps.registry import Apps
from django.conf import settings
from django.db import connection, models

from diary.foundation.access.database import IN_SCOPE, POLICY
from diary.foundation.core.encryption import EncryptedTextField
from diary.foundation.core.fields import uuid7

registry = Apps()


class Person(models.Model):
    """Numbered by the database, so that the seal needs a number of its own."""

    id = models.BigAutoField(primary_key=True)
    number = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.TextField(default="")
    phone = EncryptedTextField(row="number", default="", blank=True)
    email = EncryptedTextField(row="number", null=True)

    class Meta:
        apps = registry
        app_label = "core"
        db_table = "core_sealedperson"


class Paper(models.Model):
    """Of a school, as SchoolOwned makes it; without the link to the schools, which these tests do not need."""

    pk = models.CompositePrimaryKey("school_id", "id")
    school_id = models.IntegerField()
    id = models.UUIDField(default=uuid7, editable=False)
    content = EncryptedTextField()

    class Meta:
        apps = registry
        app_label = "core"
        db_table = "core_sealedpaper"


def make_tables() -> None:
    """As the owner: the tables, the application's rights on them, and the isolation of schools."""
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    with connection.schema_editor() as editor:
        editor.create_model(Person)
        editor.create_model(Paper)
    with connection.cursor() as cursor:
        for table in (Person._meta.db_table, Paper._meta.db_table):
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"ALTER TABLE {Paper._meta.db_table} ENABLE ROW LEVEL SECURITY")
        cursor.execute(
            f"CREATE POLICY {POLICY} ON {Paper._meta.db_table} TO {role} USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})"
        )
