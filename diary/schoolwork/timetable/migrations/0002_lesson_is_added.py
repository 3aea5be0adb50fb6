from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timetable", "0001_initial")]

    operations = [
        migrations.AddField(
            "lesson",
            "is_added",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="by hand, outside the weekly pattern: a new timetable leaves it alone",
            ),
        ),
    ]
