from django.db import migrations

import diary.foundation.core.encryption.fields


class Migration(migrations.Migration):
    """Handed-over files hold phones and documents: those of the last day go together with their clear column."""

    dependencies = [("roster", "0004_family_links")]

    operations = [
        migrations.RunSQL("DELETE FROM roster_importrun", migrations.RunSQL.noop),
        migrations.RemoveField("importrun", "files"),
        migrations.AddField(
            "importrun",
            "files",
            diary.foundation.core.encryption.fields.EncryptedTextField(
                default="", help_text="what was handed over, as imports.packing keeps it"
            ),
            preserve_default=False,
        ),
    ]
