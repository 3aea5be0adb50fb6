from functools import partial

from django.db import migrations

from diary.foundation.core.encryption.values import Place, seal, unseal

# a sealed value is bound to the name of its table
SEALED = [(table, column) for table in ("outgoingmessage", "outboxmessage") for column in ("address", "subject", "text")]


def seal_anew(old, new, apps, schema_editor):
    """What was sealed for the tables under their old names opens under the new ones. Messages live for a day."""
    with schema_editor.connection.cursor() as cursor:
        for table, column in SEALED:
            cursor.execute(f"SELECT id, {column} FROM post_{table} WHERE octet_length({column}) > 0")
            for key, value in cursor.fetchall():
                text = unseal(bytes(value), Place(f"{old}_{table}", column, 0, str(key)))
                cursor.execute(
                    f"UPDATE post_{table} SET {column} = %s WHERE id = %s",
                    [seal(text, Place(f"{new}_{table}", column, 0, str(key))), key],
                )


class Migration(migrations.Migration):

    dependencies = [("core", "0002_data_key"), ("post", "0001_initial")]

    operations = [migrations.RunPython(partial(seal_anew, "accounts", "post"), partial(seal_anew, "post", "accounts"))]
