from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("homework", "0001_initial")]

    operations = [
        migrations.AddField("homework", "chosen_on", models.DateField(blank=True, null=True)),
    ]
