from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timetable", "0003_lessons_added_so_far")]

    operations = [
        migrations.AddConstraint(
            "weeklyslot",
            models.UniqueConstraint(
                fields=["school", "course_id", "weekday", "number", "until"], name="timetable_slot_ends_once"
            ),
        ),
    ]
