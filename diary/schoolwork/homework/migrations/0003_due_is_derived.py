"""The stored day and lesson go: nobody had chosen them by hand, and the lessons say them (W2)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("homework", "0002_chosen_on")]

    operations = [
        migrations.RemoveIndex("homework", "homework_due"),
        migrations.AddIndex(
            "homework", models.Index(fields=["school", "course_id", "chosen_on"], name="homework_chosen")
        ),
        migrations.RemoveConstraint("homework", "homework_homework_due_at_fk"),
        migrations.RemoveField("homework", "due_at"),
        migrations.RemoveField("homework", "due_at_id"),
        migrations.RemoveField("homework", "due_on"),
    ]
