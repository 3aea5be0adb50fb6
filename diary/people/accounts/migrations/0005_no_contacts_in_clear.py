from django.db import migrations, models

import diary.people.accounts.rules.formats


class Migration(migrations.Migration):

    dependencies = [("accounts", "0004_numbers_and_sealed_contacts")]

    operations = [
        migrations.RemoveField(model_name="user", name="clear_phone"),
        migrations.RemoveField(model_name="user", name="clear_email"),
        migrations.AlterField(
            model_name="user",
            name="number",
            field=models.CharField(
                default=diary.people.accounts.rules.formats.new_number, editable=False, max_length=12, unique=True
            ),
        ),
    ]
