from functools import partial

from django.db import migrations

from diary.foundation.core.encryption.values import Place, seal, unseal

# a sealed value is bound to the name of its table
SEALED = (("factor", "secret"), ("onetimecode", "address"))
BATCH = 500


def seal_anew(old, new, apps, schema_editor):
    """What was sealed for the tables under their old names opens under the new ones."""
    connection = schema_editor.connection
    for table, column in SEALED:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, {column} FROM door_{table} WHERE octet_length({column}) > 0")
            while rows := cursor.fetchmany(BATCH):
                with connection.cursor() as writing:
                    writing.executemany(
                        f"UPDATE door_{table} SET {column} = %s WHERE id = %s",
                        [
                            (
                                seal(
                                    unseal(bytes(value), Place(f"{old}_{table}", column, 0, str(key))),
                                    Place(f"{new}_{table}", column, 0, str(key)),
                                ),
                                key,
                            )
                            for key, value in rows
                        ],
                    )


class Migration(migrations.Migration):

    dependencies = [("core", "0002_data_key"), ("door", "0001_initial")]

    operations = [
        migrations.RunPython(partial(seal_anew, "accounts", "door"), partial(seal_anew, "door", "accounts"))
    ]
